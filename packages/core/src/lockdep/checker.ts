import { FenceCallback } from '../fence/callback.js';
import { AwaitedPromise } from './awaited-promise.js';
import type { DmaFenceContext } from '../fence/context.js';
import type { DmaFence } from '../fence/dma-fence.js';
import type { Fence } from '../fence/fence.js';
import { platform } from '../platform.js';
import type { Survey } from './capacity-watch.js';
import type { Capacity, CapacityShare } from '../producer/capacity.js';
import type { SignallingSection } from '../signalling.js';
import { peekLeaves } from '../container/peek.js';
import type { ForeignCode, NamedLock, Validator } from '../validator.js';
import {
  contextName,
  forbidden,
  orphan,
  outOfOrder,
  sectionOrder,
  selfWait,
  slowCallback,
  type Where,
} from './findings.js';
import { taskOf } from './flow.js';
import { Hold } from './hold.js';
import { LockWatch } from './locks.js';
import { Outcome } from './outcome.js';
import { failLate, failNow, type Fail } from './reporter.js';
import { Scene, type CheckerOptions, type Event } from './scene.js';
import { SignalWatch } from './signals.js';
import { captureTrace } from './trace.js';

/** The validator: what core tells of sections, foreign code and waits is judged here, locks in `LockWatch`. */
export class Checker implements Validator {
  readonly scene: Scene;
  readonly locks: LockWatch;
  readonly signals: SignalWatch;
  readonly #options: CheckerOptions;
  /** The own section of each published fence. */
  readonly #sections = new WeakMap<Fence, Hold>();
  readonly #published: FinalizationRegistry<{ hold: Hold; context: string }>;

  constructor(options: CheckerOptions, host?: object) {
    this.#options = options;
    this.scene = new Scene(options, host);
    this.locks = new LockWatch(this.scene);
    this.signals = new SignalWatch(this.scene);
    this.#published = new FinalizationRegistry(({ hold, context }) => {
      this.scene.reporter.emit(orphan(hold.name, context, hold.asked), failLate);
    });
  }

  // Sections.

  begin(section: SignallingSection, fence: Fence | undefined): void {
    if (fence !== undefined) {
      this.scene.enter(this.#publish(fence, undefined));
      return;
    }
    this.scene.brackets.push({ section, began: this.#options.stacks ? captureTrace() : undefined });
    this.scene.turn.watch();
  }

  end(section: SignallingSection, fence: Fence | undefined): void {
    if (fence !== undefined) {
      this.#sections.get(fence)?.end(this.scene.flow.current);
      return;
    }
    // Not there: it was left open, and reported when its turn ended; or begun before the validator was on.
    const found = this.scene.brackets.end(section);
    if (found?.inner === undefined) return;
    this.scene.reporter.emit(sectionOrder(found.ended.began, found.inner.began), failNow);
  }

  run<R>(_section: SignallingSection, fence: Fence, work: () => R): R {
    return this.scene.runWork(this.#publish(fence, fence.name).step, work);
  }

  runOwn<R>(fence: Fence, work: () => R, share: CapacityShare | undefined): R {
    const { brackets } = this.scene;
    const section = this.#publish(fence, fence.name);
    const step = share === undefined ? section.step : this.locks.hold(share, section.step).step;
    return brackets.aside(() => this.scene.runWork(step, work));
  }

  created(fence: Fence): void {
    this.scene.created(fence);
  }

  signaled(fence: Fence, published: boolean, by: boolean): void {
    if (by) this.signals.signaled(fence);
    if (!published) return;
    const hold = this.#sections.get(fence);
    if (hold === undefined) return;
    hold.end(this.scene.flow.current);
    this.#published.unregister(hold);
  }

  advanced(context: DmaFenceContext, value: number): void {
    this.signals.advanced(context, value);
  }

  #publish(fence: Fence, task: string | undefined): Hold {
    const hold = new Hold({
      node: this.scene.order.fenceNode(fence),
      name: fence.name,
      // Weak as the hold is, its stack must not keep the fence either.
      asked: captureTrace().read(),
      parent: this.scene.flow.current,
      fence,
      task,
    });
    hold.state = 'held';
    this.#sections.set(fence, hold);
    this.#published.register(fence, { hold, context: contextName(fence.name) }, hold);
    return hold;
  }

  // Foreign code.

  call<A, R>(fence: DmaFence, what: ForeignCode, code: (fence: DmaFence, argument: A) => R, argument: A): R {
    const { brackets, reporter } = this.scene;
    const { slowCallbackMs } = this.#options;
    const timed = slowCallbackMs !== Infinity;
    const since = timed ? platform.now() : 0;
    brackets.push({ section: undefined, fence, what });
    try {
      return code(fence, argument);
    } finally {
      brackets.leave();
      const took = timed ? platform.now() - since : 0;
      if (took > slowCallbackMs) {
        const how = { took, limit: slowCallbackMs, signaled: captureTrace() };
        reporter.emit(slowCallback(what, nameOf(argument), fence, how), failLate);
      }
    }
  }

  // Waits.

  wait<R>(fences: readonly Fence[], result: Promise<R>): Promise<R> {
    return this.#judged(result, (fail, outcome) => {
      this.#waited(fences, fail, outcome);
    });
  }

  needs<R>(capacity: Capacity, who: string, result: Promise<R>): Promise<R> {
    return this.#judged(result, (fail, outcome) => {
      const { scene } = this;
      const event = scene.event(fail, outcome);
      for (const hold of scene.candidates(event.from)) {
        scene.judgeAtTurnEnd(hold, event, (fail) => {
          scene.capacities.needed(hold, { capacity, needed: who }, event, fail);
        });
      }
    });
  }

  /** The same where `result` may be awaited or not: nobody is held up before. */
  needsWhereAwaited<R>(capacity: Capacity, who: string, result: Promise<R>): Promise<R> {
    const trace = captureTrace();
    const look = (awaited: Promise<R>): Promise<R> =>
      this.#judged(awaited, (fail, outcome) => {
        const { scene } = this;
        const event: Event = { from: scene.flow.current, trace, fail, outcome };
        for (const hold of scene.candidates(event.from)) {
          scene.judgeAtTurnEnd(hold, event, (fail) => {
            scene.capacities.needed(hold, { capacity, needed: who }, event, fail);
          });
        }
      });
    return AwaitedPromise.of(result, look);
  }

  #judged<R>(result: Promise<R>, look: (fail: Fail, outcome: Outcome) => void): Promise<R> {
    const outcome = new Outcome();
    if (!this.scene.reporter.throws) {
      look(failLate, outcome);
      return told(result, outcome);
    }
    const judged = new Promise<R>((resolve, reject) => {
      look(reject, outcome);
      // What the turn shows goes before what the wait came to.
      this.scene.turn.atEnd(() => {
        result.then(resolve, reject);
      });
    });
    return told(judged, outcome);
  }

  #waited(fences: readonly Fence[], fail: Fail, outcome: Outcome): void {
    const { scene } = this;
    const { call } = scene.brackets;
    const [first] = fences;
    if (call !== undefined && first !== undefined) {
      const found = forbidden('wait', first.name, call, undefined, captureTrace());
      scene.reporter.emit(found, fail);
      // Nobody in there can await it, so it holds up neither the callback nor what its caller has.
      return;
    }
    const candidates = scene.candidates(scene.flow.current);
    if (candidates.length === 0) return;
    const event = scene.event(fail, outcome);
    const leaves = fences.flatMap((fence) => [...peekLeaves(fence)]);
    const survey = scene.capacities.surveyOf(leaves);
    for (const hold of candidates) this.#waitedUnder(hold, leaves, survey, event);
  }

  #waitedUnder(hold: Hold, fences: readonly Fence[], survey: Survey, event: Event): void {
    const { scene } = this;
    this.signals.waited(fences, hold);
    const own = hold.fence?.deref();
    if (own === undefined || !fences.includes(own)) {
      if (own !== undefined) this.#waitedForLater(hold, own, fences, event);
      scene.judgeAtTurnEnd(hold, event, (fail) => {
        if (hold.capacity === undefined) this.#learnWait(hold, fences, event, fail);
        scene.capacities.waited(hold, survey, event, fail, (fence) => this.signals.wasUnder(fence, hold));
      });
      return;
    }
    // A task that signals the fence later was not held up by the wait: there is nothing to ask at the end.
    if (hold.judge(event.from, event.trace).verdict !== 'yes') return;
    scene.turn.atEnd(() => {
      if (hold.state !== 'over') scene.reporter.emit(selfWait(own, hold.asked, event.trace), event.fail);
    });
  }

  /** A context signals in order: whoever is to signal one of its fences must not wait for a later one. */
  #waitedForLater(hold: Hold, own: Fence, fences: readonly Fence[], event: Event): void {
    const later = fences.find(({ context, seqno }) => context === own.context && seqno > own.seqno);
    if (later === undefined) return;
    this.scene.judgeInWork(hold, event, (fail) => {
      this.scene.reporter.emit(outOfOrder(own, later, hold.asked, event.trace), fail);
    });
  }

  #learnWait(hold: Hold, fences: readonly Fence[], event: Event, fail: Fail): void {
    const { trace, from } = event;
    const { order, reporter, threads } = this.scene;
    for (const fence of fences) {
      const edge = {
        from: hold.node,
        to: order.fenceNode(fence),
        held: hold.name,
        needed: fence.name,
        heldAt: hold.since,
        neededAt: trace,
        task: taskOf(from),
      };
      reporter.order(order.learn(edge), fail);
      threads.waited(hold, fence, event, fail);
    }
  }

  waitSync(fence: Fence): void {
    const { reporter, brackets } = this.scene;
    const event = this.scene.event(failNow);
    const { name } = fence;
    const bracket = brackets.innermost;
    if (bracket !== undefined) {
      const where: Where = bracket.section === undefined ? bracket : { section: 'free' };
      const began = bracket.section === undefined ? undefined : bracket.began;
      reporter.emit(forbidden('block', name, where, began, event.trace), failNow);
    }
    const survey = this.scene.capacities.surveyOf([fence]);
    for (const hold of this.scene.candidates(event.from)) {
      this.scene.judge(hold, event, (fail) => {
        this.scene.capacities.waited(hold, survey, event, fail, (fence) =>
          this.signals.wasUnder(fence, hold),
        );
        if (hold.capacity !== undefined) return;
        const own = hold.fence?.deref();
        if (own?.context === fence.context && fence.seqno > own.seqno) {
          reporter.emit(outOfOrder(own, fence, hold.asked, event.trace), fail);
        } else if (hold.fence === undefined) {
          this.#learnWait(hold, [fence], event, fail);
        } else {
          reporter.emit(forbidden('block', name, { section: hold.name }, hold.asked, event.trace), fail);
        }
      });
    }
  }

  // Core's locks.

  lock<H extends object>(
    lock: NamedLock,
    transaction: object | undefined,
    tried: boolean,
    granted: () => Promise<H>,
  ): Promise<H> {
    const kind = tried ? 'tried' : 'core';
    return this.locks.request({ name: lock.name, lock, transaction, kind, isLocal: true }, granted);
  }

  tryLocked(lock: NamedLock, held: object): void {
    this.locks.tryLocked(
      { name: lock.name, lock, transaction: undefined, kind: 'tried', isLocal: true },
      held,
    );
  }

  unlocked(held: object): void {
    this.locks.unlocked(held);
  }

  close(): void {
    this.scene.close();
  }
}

/** Tells `outcome` what came of the wait, where something depends on that: on the stack then is who awaits it. */
function told<R>(result: Promise<R>, outcome: Outcome): Promise<R> {
  if (!outcome.awaited) return result;
  return result.then(
    (value) => {
      outcome.came(captureTrace(), failNow);
      return value;
    },
    (error: unknown) => {
      outcome.came(captureTrace(), failNow);
      throw error;
    },
  );
}

/** What a callback is called: it is a function, or a record of one. */
function nameOf(callback: unknown): string {
  const run = callback instanceof FenceCallback ? callback.run : callback;
  return typeof run === 'function' ? run.name : '';
}
