import { forbidden, type Where } from './findings.js';
import { leadsTo, taskOf, type Step } from './flow.js';
import { Hold } from './hold.js';
import type { Capacity, CapacityShare } from '../producer/capacity.js';
import { failLate, failNow, type Fail } from './reporter.js';
import { Outcome } from './outcome.js';
import type { Event, Scene } from './scene.js';
import { captureTrace, type Trace } from './trace.js';

/** What is asked for. */
export interface LockRequest {
  readonly name: string;
  readonly lock: object | undefined;
  readonly transaction: object | undefined;
  /**
   * `core`: one of core's locks, which the contract forbids in sections, callbacks and ops. `promised`: any other that a
   * promise is answered with. `taken`: by a call that may block. `tried`: nobody waits for it.
   */
  readonly kind: 'core' | 'promised' | 'taken' | 'tried';
  /** One of core's, which no other thread has. */
  readonly isLocal?: true;
  /** What it is a share of, where there are several. */
  readonly capacity?: Capacity;
}

/** Follows locks from the request to the release. */
export class LockWatch {
  readonly #scene: Scene;
  readonly #held = new WeakMap<object, Hold>();
  /** Locks that `lockdep.acquire` was told of. */
  readonly #announced = new Set<Hold>();

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** A lock is asked for, and a promise will tell when it is granted. */
  request<H extends object>(request: LockRequest, granted: () => Promise<H>): Promise<H> {
    const outcome = new Outcome();
    if (!this.#scene.reporter.throws) {
      return this.#grant(this.#ask(request, failLate, outcome), granted, outcome, failLate);
    }
    return new Promise((resolve, reject) => {
      const refusal = { refused: false };
      const fail: Fail = (error) => {
        refusal.refused = true;
        reject(error);
      };
      const hold = this.#ask(request, fail, outcome);
      // Refused at once, nothing is taken; later, whoever asked has been told and may give back what comes.
      if (refusal.refused) hold.end(undefined);
      else this.#grant(hold, granted, outcome, fail).then(resolve, reject);
    });
  }

  async #grant<H extends object>(
    hold: Hold,
    granted: () => Promise<H>,
    outcome: Outcome,
    fail: Fail,
  ): Promise<H> {
    let held: H;
    try {
      held = await granted();
    } catch (error) {
      hold.end(undefined);
      if (outcome.awaited) outcome.came(captureTrace(), fail);
      throw error;
    }
    // Here the stack shows exactly who waits for the lock: they, and nobody beside them, hold it now.
    const trace = captureTrace();
    outcome.came(trace, fail);
    hold.grant(trace);
    this.#holds(hold, held);
    return held;
  }

  /** A lock was taken without a wait: it may be held over one, but nobody waited for it. */
  tryLocked(request: LockRequest, held: object): void {
    const hold = this.#newHold(request, captureTrace());
    hold.state = 'held';
    this.#holds(hold, held);
    this.#scene.enter(hold);
  }

  #holds(hold: Hold, held: object): void {
    this.#held.set(held, hold);
    this.#scene.held.add(hold);
    this.#scene.begins(hold);
  }

  unlocked(held: object): void {
    const hold = this.#held.get(held);
    if (hold !== undefined) this.release(hold);
  }

  /** Work begins that holds a share of a capacity, at `parent`: until the share is given back, however long its section lasts. */
  hold({ capacity, holder }: CapacityShare, parent: Step): Hold {
    const node = this.#scene.capacities.nodeOf(capacity);
    const asked = captureTrace();
    const hold = new Hold({ node, name: capacity.name, asked, parent, capacity, exact: true });
    this.#held.set(holder, hold);
    this.#begin(hold);
    return hold;
  }

  /** Runs work as a task of its own that holds a share of a capacity, until what it returns has settled. */
  runHolding<R>(capacity: Capacity, work: () => R): R {
    const { flow, capacities } = this.#scene;
    const hold = new Hold({
      node: capacities.nodeOf(capacity),
      name: capacity.name,
      asked: captureTrace(),
      parent: flow.current,
      capacity,
      task: `work in ${capacity.name}`,
    });
    this.#begin(hold);
    return this.#runIn(hold, work);
  }

  /** A lock that is asked for now, and held while a function runs that `asks` is given. */
  async requestRun(
    request: LockRequest,
    asks: (holding: (work: () => unknown) => unknown) => Promise<unknown>,
  ): Promise<unknown> {
    const state: { refused: unknown } = { refused: undefined };
    const outcome = new Outcome();
    const fail: Fail = (error) => {
      state.refused = error;
    };
    const asked = captureTrace();
    const hold = new Hold({ ...this.#holdOf(request, asked), exact: true });
    this.#judge(hold, request, {
      from: hold.step.parent,
      trace: asked,
      fail: this.#scene.reporter.throws ? fail : failLate,
      outcome,
    });
    if (state.refused !== undefined) throw state.refused as Error;
    // Still in the caller's turn: what its task does after this comes after the lock, if it awaits it.
    this.#scene.threads.passed(hold);
    try {
      return await asks((work) => {
        this.#begin(hold);
        return this.#runIn(hold, work);
      });
    } finally {
      if (hold.state === 'asked') hold.end(undefined);
      // On the stack is who awaits all this.
      if (hold.isShared) hold.awaited = captureTrace().read();
      if (outcome.awaited) outcome.came(captureTrace(), failLate);
    }
  }

  /** Whether the running task has what that was granted with. */
  isOwn(held: object): boolean {
    const hold = this.#held.get(held);
    return hold !== undefined && leadsTo(this.#scene.flow.current, hold.step);
  }

  #begin(hold: Hold): void {
    hold.state = 'held';
    this.#scene.shares++;
    this.#scene.begins(hold);
  }

  #runIn<R>(hold: Hold, work: () => R): R {
    const release = (): void => {
      this.release(hold);
    };
    try {
      const result = this.#scene.runWork(hold.step, work);
      if (typeof (result as { then?: unknown } | null | undefined)?.then === 'function') {
        (result as PromiseLike<unknown>).then(release, release);
      } else release();
      return result;
    } catch (error) {
      release();
      throw error;
    }
  }

  /** A lock was taken, and its owner says so. */
  acquire(name: string, lock: object | undefined): Hold {
    const hold = this.#ask({ name, lock, transaction: undefined, kind: 'taken' }, failNow, undefined);
    hold.state = 'held';
    this.#announced.add(hold);
    this.#scene.held.add(hold);
    this.#scene.begins(hold);
    return hold;
  }

  release(hold: Hold): void {
    if (hold.state === 'over') return;
    this.#announced.delete(hold);
    if (!this.#scene.held.delete(hold) && hold.exact) this.#scene.shares--;
    hold.end(this.#scene.flow.current);
    if (!hold.exact) this.#scene.threads.passed(hold);
  }

  /** The newest lock of a class that this task announced and has not released; of another task if it has none. */
  announced(name: string): Hold | undefined {
    const { flow } = this.#scene;
    const holds = [...this.#announced].filter((hold) => hold.node.name === name).reverse();
    return holds.find((hold) => leadsTo(flow.current, hold.step)) ?? holds[0];
  }

  #newHold(request: LockRequest, asked: Trace): Hold {
    return new Hold(this.#holdOf(request, asked));
  }

  #holdOf(
    { name, lock, transaction, capacity, isLocal }: LockRequest,
    asked: Trace,
  ): ConstructorParameters<typeof Hold>[0] {
    const { order, capacities } = this.#scene;
    const parent = this.#scene.parentFor(asked);
    const node = capacity === undefined ? order.lockNode(name) : capacities.nodeOf(capacity);
    const isShared = capacity === undefined && isLocal !== true;
    return { node, name, asked, parent, lock, transaction, capacity, isShared };
  }

  #ask(request: LockRequest, fail: Fail, outcome: Outcome | undefined): Hold {
    const scene = this.#scene;
    const { trace } = scene.event(fail);
    const hold = this.#newHold(request, trace);
    const event: Event = { from: hold.step.parent, trace, fail, outcome };
    this.#judge(hold, request, event);
    scene.fresh.add(hold);
    scene.enter(hold);
    return hold;
  }

  #judge(hold: Hold, request: LockRequest, event: Event): void {
    if (request.kind === 'tried') return;
    if (request.capacity === undefined) this.#askedInBracket(hold, request, event);
    for (const held of this.#scene.candidates(event.from)) this.#askedUnder(held, hold, request, event);
  }

  /** What a request means to a lock or section that its task is in. */
  #askedUnder(held: Hold, asked: Hold, { kind, capacity }: LockRequest, event: Event): void {
    const { order, reporter } = this.#scene;
    if (capacity !== undefined) {
      this.#scene.judgeAtTurnEnd(held, event, (fail) => {
        this.#scene.capacities.needed(held, { capacity, needed: asked.name }, event, fail);
      });
      return;
    }
    const edge = {
      from: held.node,
      to: asked.node,
      held: held.name,
      needed: asked.name,
      heldAt: held.since,
      neededAt: event.trace,
      task: taskOf(event.from),
    };
    const learn = (fail: Fail): void => {
      this.#scene.capacities.asked(held, asked, event, fail);
      if (held.capacity !== undefined) return;
      reporter.order(
        held.fence === undefined ? order.learnLocks(held, asked, edge) : order.learn(edge),
        fail,
      );
    };
    if (held.fence !== undefined && kind === 'core') {
      this.#scene.judge(held, event, (fail) => {
        reporter.emit(forbidden('lock', asked.name, { section: held.name }, held.asked, event.trace), fail);
      });
    }
    if (kind === 'taken') this.#scene.judge(held, event, learn);
    else this.#scene.judgeAtTurnEnd(held, event, learn);
  }

  /** What a request means to the free section or foreign code that this turn is inside of. */
  #askedInBracket(asked: Hold, { kind }: LockRequest, { trace, fail, from }: Event): void {
    const { order, reporter, brackets } = this.#scene;
    const bracket = brackets.innermost;
    if (bracket === undefined) return;
    const free = bracket.section !== undefined;
    const began = free ? bracket.began : undefined;
    if (kind === 'core') {
      const where: Where = free ? { section: 'free' } : bracket;
      reporter.emit(forbidden('lock', asked.name, where, began, trace), fail);
    }
    // A request from a callback that a promise will answer holds nobody up.
    if (!free && kind !== 'taken') return;
    const edge = {
      from: free ? order.anyFence : order.fenceNode(bracket.fence),
      to: asked.node,
      held: free ? order.anyFence.name : bracket.fence.name,
      needed: asked.name,
      heldAt: began,
      neededAt: trace,
      task: taskOf(from),
    };
    reporter.order(order.learn(edge), fail);
  }
}
