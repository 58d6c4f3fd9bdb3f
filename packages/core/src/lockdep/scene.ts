import { Brackets } from './brackets.js';
import { CapacityWatch } from './capacity-watch.js';
import { openSection } from './findings.js';
import { openFlow, Step, type Flow } from './flow.js';
import { runWork, workOfHold } from './frame.js';
import type { Fence } from '../fence/fence.js';
import type { Hold } from './hold.js';
import { LockOrder } from './order.js';
import type { Outcome } from './outcome.js';
import type { LockdepReport } from './report.js';
import { failLate, Reporter, type Fail } from './reporter.js';
import { ThreadWatch } from './threads.js';
import { captureTrace, showsAwaiting, type Trace } from './trace.js';
import { Turn } from './turn.js';

/** Options of `lockdep.enable` after their defaults. */
export interface CheckerOptions {
  readonly fenceClasses: 'one' | 'context';
  readonly stacks: boolean;
  readonly slowCallbackMs: number;
  readonly throws: boolean;
  readonly onReport: ((report: LockdepReport) => void) | undefined;
}

/** Something that happened: what is known of it at once. */
export interface Event {
  readonly from: Step | undefined;
  readonly trace: Trace;
  readonly fail: Fail;
  /** What it asked for, where a promise tells when that comes. */
  readonly outcome: Outcome | undefined;
}

/** What the watchers of sections, waits and locks share: who runs now, what is held, what was learnt. */
export class Scene {
  readonly flow: Flow;
  readonly order: LockOrder;
  readonly reporter: Reporter;
  readonly brackets: Brackets = new Brackets();
  readonly turn: Turn;
  readonly capacities: CapacityWatch;
  readonly threads: ThreadWatch;
  /** All locks that are held; one taken deep inside a function that was awaited is on no way back to its beginning. */
  readonly held: Set<Hold> = new Set<Hold>();
  /** Shares of capacities that work holds, see `LockWatch.hold`. */
  shares = 0;
  /** When fences were created, as far as anything was held then, counted with the beginnings of holds. */
  readonly #births = new WeakMap<Fence, number>();
  #moment = 0;
  /** How many turns were watched to their end. */
  turns = 0;

  /** Locks asked for in this very turn. */
  fresh: WeakSet<Hold> = new WeakSet<Hold>();

  /** Whether stacks show who awaits what goes on; taken to be so until it is known, at the end of this turn. */
  #showsAwaiting = true;
  #closed = false;

  constructor({ fenceClasses, throws, onReport }: CheckerOptions, host?: object) {
    this.flow = openFlow(host);
    this.order = new LockOrder(fenceClasses);
    this.reporter = new Reporter(this.flow.kind, throws, onReport);
    this.capacities = new CapacityWatch(this.reporter);
    this.threads = new ThreadWatch(this);
    void showsAwaiting().then((shows) => (this.#showsAwaiting = shows));
    this.turn = new Turn(() => {
      this.turns++;
      this.fresh = new WeakSet<Hold>();
      this.flow.endTurn();
      for (const { began } of this.brackets.clear()) this.reporter.emit(openSection(began), failLate);
    });
  }

  /** Whether anything is held that a signal could depend on. */
  get holdsAnything(): boolean {
    return this.held.size > 0 || this.shares > 0;
  }

  /** A fence was created. */
  created(fence: Fence): void {
    if (this.holdsAnything) this.#births.set(fence, ++this.#moment);
  }

  /** A lock, or a share of a capacity, is held from now on. */
  begins(hold: Hold): void {
    hold.moment = ++this.#moment;
  }

  /** Whether a fence was created after a hold began. */
  isYounger(fence: Fence, hold: Hold): boolean {
    return (this.#births.get(fence) ?? 0) > hold.moment;
  }

  /** Something happens now; the stack is captured. */
  event(fail: Fail, outcome?: Outcome): Event {
    return { from: this.flow.current, trace: captureTrace(), fail, outcome };
  }

  /** Nobody wants to hear of what shows later. */
  close(): void {
    this.#closed = true;
    this.flow.close();
  }

  /** Runs work that was begun for what it holds at `step`. */
  runWork<R>(step: Step, work: () => R): R {
    return this.flow.run(step, () => {
      const result = runWork(work);
      return isThenable(result) ? (workOfHold(result) as R) : result;
    });
  }

  /** From here on, the running task has this. */
  enter(hold: Hold): void {
    this.flow.enter(hold.step);
    this.turn.watch();
  }

  /** What may be held by whoever is at `from`. */
  candidates(from: Step | undefined): Hold[] {
    const holds: Hold[] = [];
    for (let at = Step.wanted(from); at !== undefined; at = at.parent) {
      if (at.hold?.state === 'held') holds.push(at.hold);
    }
    for (const hold of this.held) if (!holds.includes(hold)) holds.push(hold);
    return holds;
  }

  /** Calls `act` if the event belongs to the task of `hold`: now, or when the end of the hold has shown it. */
  judge(hold: Hold, event: Event, act: (fail: Fail) => void): void {
    const { verdict, meeting } = hold.judge(event.from, event.trace);
    if (verdict === 'yes') act(event.fail);
    if (verdict === 'ask') this.#askLater(hold, meeting, act);
  }

  /**
   * The same, if the hold outlasts the turn: `const done = fence.wait(); lock.unlock(); await done;` holds nothing while it
   * waits, and only the end of the turn shows that.
   */
  judgeAtTurnEnd(hold: Hold, event: Event, act: (fail: Fail) => void): void {
    if (hold.exact) {
      this.judgeInWork(hold, event, act);
      return;
    }
    const { verdict, meeting, called } = hold.judge(event.from, event.trace);
    if (verdict === 'ask') this.#askLater(hold, meeting, act);
    if (verdict !== 'yes') return;
    const { key } = hold.since.top ?? {};
    const depth = (trace: Trace): number => trace.frames.filter((frame) => frame.key === key).length;
    const own = depth(hold.since);
    // The holder's function has called itself, and may await that or not.
    if (depth(event.trace) > own && event.trace.top?.key === key && event.outcome !== undefined) {
      event.outcome.whenAwaited(
        hold,
        event,
        (fail) => {
          if (!this.#closed) act(fail);
        },
        (trace) => depth(trace) > own,
      );
      return;
    }
    if (called && this.#showsAwaiting && event.outcome !== undefined) {
      event.outcome.whenAwaited(hold, event, (fail) => {
        if (!this.#closed) act(fail);
      });
      return;
    }
    this.turn.atEnd(() => {
      if (hold.state !== 'over') act(event.fail);
    });
  }

  /**
   * The same for work that was begun for what it holds: `await later.wait()` holds it up, `void follow(later)` does not. Where that does
   * not show at once, it is judged when what was asked for has come, by who goes on then.
   */
  judgeInWork(hold: Hold, event: Event, act: (fail: Fail) => void): void {
    if (hold.judge(event.from, event.trace).verdict !== 'yes') return;
    const still = (fail: Fail): void => {
      if (hold.state !== 'over' && !this.#closed) act(fail);
    };
    const { inWork } = event.trace;
    if (event.outcome === undefined || inWork === 1 || !this.#showsAwaiting) {
      this.turn.atEnd(() => {
        still(event.fail);
      });
      return;
    }
    event.outcome.whenAwaited(hold, event, still, (trace) => trace.inWork !== undefined);
  }

  #askLater(hold: Hold, meeting: string | undefined, act: (fail: Fail) => void): void {
    const mark = new Step(this.flow.current);
    this.flow.enter(mark);
    let turnOver = false;
    this.turn.atEnd(() => {
      turnOver = true;
    });
    hold.ask(mark, meeting, () => {
      if (turnOver) act(failLate);
    });
  }

  /** The step that a lock request goes on from: not that of a neighbour that this turn has also called. */
  parentFor(asked: Trace): Step | undefined {
    let at = Step.wanted(this.flow.current);
    while (at?.hold !== undefined && this.fresh.has(at.hold) && isNeighbour(at.hold, asked)) at = at.parent;
    return at;
  }
}

/**
 * Whether a lock that this very turn asked for, and that is first on the way back, belongs to another task: an async
 * function that is not awaited leaves its step behind in its caller, who then calls the next.
 */
function isNeighbour(hold: Hold, asked: Trace): boolean {
  const [theirs, ours] = [hold.asked.top, asked.top];
  // The same place twice in a turn: called twice. Another place of one function: it asks for both.
  if (theirs !== undefined && theirs.key === ours?.key) return theirs.at === ours.at;
  // Asked for and not granted: whoever goes on does not have it.
  return hold.state === 'asked';
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as Partial<PromiseLike<unknown>> | null | undefined)?.then === 'function';
}
