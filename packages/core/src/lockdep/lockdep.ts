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
 * Options of the validator.
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
  /** Receives each report once. Without it, the mode `report` prints with `console.warn`. An error that it throws is an uncaught error. */
  onReport?: ((report: LockdepReport) => void) | undefined;
  /**
   * `report`, the default, does not change the program. With `throw`, the call at fault throws a `LockdepError`, or rejects with it.
   * A finding outside of a call becomes an uncaught error.
   */
  mode?: 'report' | 'throw' | undefined;
  /**
   * `one`, the default: all fences are one class, as in the kernel. `context`: each context is a class. That also finds producers that
   * wait for each other. But two queues that feed each other on purpose look like that, too.
   */
  fenceClasses?: 'one' | 'context' | undefined;
  /** Whether free sections keep the stack of their beginning. On by default. It costs some microseconds per section. */
  stacks?: boolean | undefined;
  /** Reports callbacks and ops that run longer than this, in ms. Off by default, because on a busy machine everything is slow. */
  slowCallbackMs?: number | undefined;
}

/**
 * The validator while it is on. Dispose of it to turn it off.
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
  /** All reports since it was turned on. */
  readonly reports: readonly LockdepReport[];
  /** How this platform tells tasks apart: `async` follows them through `await`, `sync` knows only the running turn. */
  readonly tasks: FlowKind;
}

/**
 * The validator of signalling sections, waits and locks. It finds deadlocks, also in runs where they do not happen.
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
   * Turns the validator on. The newest session is active until it is disposed of, then the one before.
   *
   * @returns the session, with its reports.
   * @throws FenceError `EINVAL` for bad options. Kernel: `CONFIG_PROVE_LOCKING`.
   */
  enable(options?: LockdepOptions): LockdepSession;
  /** Returns the class of a name, the same object each time. Throws `EINVAL` for an empty name. Kernel: `lock_class_key`. */
  classOf(name: string): LockClass;
  /**
   * Tells the validator that the running task takes a lock. Call it where the lock is taken, or better, where it is requested.
   *
   * @param lockClass the class of the lock.
   * @param lock the lock itself, if the class has several. Then two of them may be held in one order, but not in both.
   * @returns the argument for `release`. It is a disposable, for `using`. While the validator is off, nothing is kept.
   * @throws FenceError `EINVAL` for anything but a class; in `mode: 'throw'` a `LockdepError`. Kernel: `lock_acquire`.
   */
  acquire(lockClass: LockClass, lock?: object): HeldLock;
  /** Tells the validator that a lock is released: the result of `acquire`, or a class, which means its newest lock. Kernel: `lock_release`. */
  release(held: HeldLock | LockClass): void;
  /**
   * Returns the lock or limiter, and lets the validator see each use. Work that holds it and waits for other work that needs it is reported, before all slots are taken.
   *
   * - A mutex, `acquire(): Promise<release>`, also with `runExclusive` and `release`: `async-mutex`.
   * - A semaphore or a pool: `Semaphore` of `async-mutex`, `async-sema`, `generic-pool`.
   * - A function that runs functions, a limited number at a time: `p-limit`. A queue with `add` or `schedule`: `p-queue`.
   * - Web Locks: `navigator.locks`, `locks` of `node:worker_threads`. Each name is a lock with its own class.
   *
   * @param target the lock. Use it through the returned object. The validator does not see calls on the original.
   * @param name its name in reports. For a mutex, also the name of its class.
   * @throws FenceError `EINVAL` for anything else, and for an empty name.
   */
  wrap<T extends object>(target: T, name: string): T;
  /**
   * Runs `work` as a task of its own. The task holds no locks of its caller, and reports use its name.
   *
   * Mostly you do not need it, because the validator tells tasks apart by their awaits. It helps if many tasks run the same code and
   * are not awaited.
   *
   * @returns the result of `work`. Kernel: a kthread, or a work item.
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
