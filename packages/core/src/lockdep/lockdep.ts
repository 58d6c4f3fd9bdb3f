import { checkOptions, describe, invalid } from '../error.js';
import { setValidator } from '../validator.js';
import { observe } from '../fence/fence.js';
import { Checker } from './checker.js';
import { Step } from './flow.js';
import type { FlowKind } from './flow.js';
import { HeldLock } from './held-lock.js';
import { checkClass, classOf, type LockClass } from './lock-class.js';
import type { LockdepReport } from './report.js';
import { wrap } from './wrap.js';

/**
 * How the validator works while it is on.
 *
 * @example As a test wants it
 * ```ts
 * import { lockdep, type LockdepOptions } from '@dma-fence/core/lockdep';
 *
 * const strict: LockdepOptions = { mode: 'throw', slowCallbackMs: 50 };
 * using checking = lockdep.enable(strict);
 * ```
 */
export interface LockdepOptions {
  /** Gets each report once; without it, `report` mode prints with `console.warn`. What it throws is an uncaught error. */
  onReport?: ((report: LockdepReport) => void) | undefined;
  /**
   * `report`, the default, changes nothing in how the program runs. With `throw` the call at fault throws or rejects
   * with a `LockdepError`; what is found outside of any call becomes an uncaught error.
   */
  mode?: 'report' | 'throw' | undefined;
  /**
   * `one`, the default: all fences are one class, as in the kernel. `context`: each context is a class of its own, which
   * also finds producers that wait for each other; two queues that feed each other on purpose look the same.
   */
  fenceClasses?: 'one' | 'context' | undefined;
  /** Whether free sections keep the stack where they began; on by default. It costs some microseconds a section. */
  stacks?: boolean | undefined;
  /** Reports callbacks and ops that run longer, in ms; none by default, since a busy machine makes anything slow. */
  slowCallbackMs?: number | undefined;
}

/**
 * The validator while it is on; disposing it turns it off.
 *
 * @example Look at what was found so far
 * ```ts
 * import { lockdep, type LockdepSession } from '@dma-fence/core/lockdep';
 *
 * const session: LockdepSession = lockdep.enable();
 * session.reports.length; // 0
 * session[Symbol.dispose]();
 * ```
 */
export interface LockdepSession extends Disposable {
  /** Everything found since it was turned on. */
  readonly reports: readonly LockdepReport[];
  /** How this platform tells tasks apart: `async` follows them through `await`, `sync` knows the running turn only. */
  readonly tasks: FlowKind;
}

/**
 * The validator of signalling sections, waits and locks: finds deadlocks on schedules on which they do not happen.
 *
 * @example Find a deadlock that did not happen
 * ```ts
 * import { beginSignalling, DmaFenceContext } from '@dma-fence/core';
 * import { lockdep } from '@dma-fence/core/lockdep';
 *
 * using checking = lockdep.enable({ onReport: () => undefined });
 * const cache = lockdep.classOf('cache');
 * const context = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
 * using fence = context.createFence();
 * fence.signal();
 *
 * // Somewhere, the cache is locked while a fence is waited for …
 * const held = lockdep.acquire(cache);
 * await fence.wait();
 * lockdep.release(held);
 *
 * // … and somewhere else it is locked by code that signals fences.
 * const section = beginSignalling();
 * lockdep.release(lockdep.acquire(cache));
 * section.end();
 * checking.reports[0]?.kind; // 'lock-under-wait'
 * ```
 */
export interface Lockdep {
  /**
   * Turns the validator on; the newest one counts until it is disposed of, then the one before.
   *
   * @returns the session, with its reports.
   * @throws FenceError `EINVAL` for bad options. Kernel: `CONFIG_PROVE_LOCKING`.
   */
  enable(options?: LockdepOptions): LockdepSession;
  /** The class of that name, the same object each time. Throws `EINVAL` for an empty name. Kernel: `lock_class_key`. */
  classOf(name: string): LockClass;
  /**
   * Says that the running task takes a lock; call it where the lock is taken, or better, where it is asked for.
   *
   * @param lockClass the class that it belongs to.
   * @param lock the lock itself, where a class has several: then two of them may be held in one order, not in both.
   * @returns what `release` takes; a disposable, for `using`. Without a validator, nothing is kept.
   * @throws FenceError `EINVAL` for anything but a class; in `mode: 'throw'` a `LockdepError`. Kernel: `lock_acquire`.
   */
  acquire(lockClass: LockClass, lock?: object): HeldLock;
  /** Says that a lock is given back: what `acquire` answered, or a class, for the newest of it. Kernel: `lock_release`. */
  release(held: HeldLock | LockClass): void;
  /**
   * A lock or a limiter that reports itself: whatever holds it and waits for what needs it is found, before all slots are taken.
   *
   * - A mutex, `acquire(): Promise<release>`, also with `runExclusive` and `release`: `async-mutex`.
   * - A semaphore or a pool: `Semaphore` of `async-mutex`, `async-sema`, `generic-pool`.
   * - A function that runs functions, so many at a time: `p-limit`. A queue with `add` or `schedule`: `p-queue`.
   * - Web Locks: `navigator.locks`, `locks` of `node:worker_threads`. Each name is a lock and a class of its own.
   *
   * @param target used as before, through what is returned. What is called on the original is not seen.
   * @param name what reports call it; for a mutex the class that it belongs to.
   * @throws FenceError `EINVAL` for anything else, and for an empty name.
   */
  wrap<T extends object>(target: T, name: string): T;
  /**
   * Runs `work` as a task of its own: it holds nothing of its caller's, and reports call it by its name.
   *
   * Mostly not needed: tasks are told apart by what they await. It helps where many run the same code unawaited.
   *
   * @returns what `work` returns. Kernel: a kthread, or a work item.
   */
  task<R>(name: string, work: () => R): R;
}

/** All validators that are on; the last one is asked. */
const enabled: Checker[] = [];

const active = (): Checker | undefined => enabled.at(-1);

/** Has core tell the one that is active. */
function install(): void {
  setValidator(active());
  observe();
}

/**
 * The validator: `lockdep.enable()` turns it on.
 *
 * @example On in development
 * ```ts
 * import { lockdep } from '@dma-fence/core/lockdep';
 *
 * const development = true;
 * const session = development ? lockdep.enable() : undefined;
 * session?.[Symbol.dispose]();
 * ```
 */
export const lockdep: Lockdep = {
  enable(options = {}) {
    const checker = new Checker(checked(options));
    enabled.push(checker);
    install();
    return {
      get reports() {
        return checker.scene.reporter.reports;
      },
      tasks: checker.scene.flow.kind,
      [Symbol.dispose]() {
        const index = enabled.indexOf(checker);
        if (index < 0) return;
        enabled.splice(index, 1);
        install();
        checker.close();
      },
    };
  },
  classOf,
  acquire(lockClass, lock) {
    checkClass('acquire', lockClass);
    const checker = active();
    return new HeldLock(lockClass, checker, checker?.locks.acquire(lockClass.name, lock));
  },
  release(held) {
    if (held instanceof HeldLock) {
      held[Symbol.dispose]();
      return;
    }
    checkClass('release', held);
    const checker = active();
    const hold = checker?.locks.announced(held.name);
    if (hold !== undefined) checker?.locks.release(hold);
  },
  wrap: (target, name) => wrap(target, classOf(name).name, active),
  task(name, work) {
    if (typeof name !== 'string' || name === '' || typeof work !== 'function') {
      throw invalid(
        `lockdep.task() takes a name and a function, not ${describe(name)} and ${describe(work)}`,
      );
    }
    const flow = active()?.scene.flow;
    return flow === undefined ? work() : flow.run(new Step(flow.current, undefined, name), work);
  },
};

const OPTIONS: readonly string[] = ['onReport', 'mode', 'fenceClasses', 'stacks', 'slowCallbackMs'];

function checked(options: LockdepOptions): ConstructorParameters<typeof Checker>[0] {
  checkOptions('lockdep.enable()', options, OPTIONS);
  const {
    onReport,
    mode = 'report',
    fenceClasses = 'one',
    stacks = true,
    slowCallbackMs = Infinity,
  } = options;
  if (onReport !== undefined && typeof onReport !== 'function') {
    throw invalid(`lockdep.enable(): onReport must be a function, not ${describe(onReport)}`);
  }
  if (!['report', 'throw'].includes(mode)) {
    throw invalid(`lockdep.enable(): mode must be 'report' or 'throw', not ${describe(mode)}`);
  }
  if (!['one', 'context'].includes(fenceClasses)) {
    throw invalid(`lockdep.enable(): fenceClasses must be 'one' or 'context', not ${describe(fenceClasses)}`);
  }
  if (typeof stacks !== 'boolean') {
    throw invalid(`lockdep.enable(): stacks must be true or false, not ${describe(stacks)}`);
  }
  if (typeof slowCallbackMs !== 'number' || !(slowCallbackMs >= 0)) {
    throw invalid(
      `lockdep.enable(): slowCallbackMs must be milliseconds from 0, not ${describe(slowCallbackMs)}`,
    );
  }
  return { onReport, throws: mode === 'throw', fenceClasses, stacks, slowCallbackMs };
}
