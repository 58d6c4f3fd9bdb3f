import type { Checker } from './checker.js';
import type { Hold } from './hold.js';
import type { LockClass } from './lock-class.js';

/**
 * A lock reported with `lockdep.acquire`, until its release.
 *
 * @example Released by `using`
 * ```ts
 * import { lockdep, type HeldLock } from '@dma-fence/core/lockdep';
 *
 * function locked<R>(work: () => R): R {
 *   using held: HeldLock = lockdep.acquire(lockdep.classOf('cache'));
 *   return work();
 * }
 * locked(() => 7); // 7
 * ```
 */
export class HeldLock implements Disposable {
  /** Its class. */
  readonly lockClass: LockClass;
  readonly #checker: Checker | undefined;
  readonly #hold: Hold | undefined;

  /** @internal Made by `lockdep.acquire`. */
  constructor(lockClass: LockClass, checker: Checker | undefined, hold: Hold | undefined) {
    this.lockClass = lockClass;
    this.#checker = checker;
    this.#hold = hold;
  }

  /** Calls `lockdep.release(this)`. You may call it more than once. */
  [Symbol.dispose](): void {
    if (this.#hold !== undefined) this.#checker?.locks.release(this.#hold);
  }
}
