import { describe, invalid } from '../error.js';
import type { Checker } from './checker.js';
import { forward } from './forward.js';

/**
 * The usual form of a mutex: `acquire()` returns a promise for the function that releases it.
 *
 * @example A small one
 * ```ts
 * import { lockdep, type MutexLike } from '@dma-fence/core/lockdep';
 *
 * class Mutex implements MutexLike {
 *   #tail: Promise<void> = Promise.resolve();
 *   async acquire(): Promise<() => void> {
 *     const before = this.#tail;
 *     let release = (): void => undefined;
 *     this.#tail = new Promise((resolve) => {
 *       release = resolve;
 *     });
 *     await before;
 *     return () => release();
 *   }
 * }
 * const cacheLock = lockdep.wrap(new Mutex(), 'cache');
 * const release = await cacheLock.acquire();
 * release();
 * ```
 */
export interface MutexLike {
  /** Takes the lock. The promise is for the function that releases it. */
  acquire(...args: never[]): Promise<() => void>;
}

/** What a mutex may have besides, as `async-mutex` does. */
interface Extras {
  acquire(...args: unknown[]): Promise<() => void>;
  release?(): void;
}

/** `mutex` with its calls reported to whatever checker is active when they happen. */
export function wrapMutex<M extends MutexLike>(mutex: M, name: string, active: () => Checker | undefined): M {
  const target = mutex as unknown as Extras;
  if (typeof (target as Partial<Extras> | null)?.acquire !== 'function') {
    throw invalid(`lockdep.wrap() takes a mutex with acquire(): Promise<() => void>, not ${describe(mutex)}`);
  }
  /** Who has it: a mutex may also be released through itself. */
  let held: { checker: Checker; token: object } | undefined;

  function released(token: object | undefined): void {
    if (held === undefined || (token !== undefined && held.token !== token)) return;
    held.checker.unlocked(held.token);
    held = undefined;
  }

  async function taken(checker: Checker, args: unknown[]): Promise<() => void> {
    const release = await target.acquire(...args);
    if (typeof release !== 'function') {
      throw invalid(
        `lockdep.wrap(): acquire() of ${JSON.stringify(name)} gave ${describe(release)}, not a function`,
      );
    }
    const token = (): void => {
      released(token);
      release();
    };
    held = { checker, token };
    return token;
  }

  function acquire(...args: unknown[]): Promise<() => void> {
    const checker = active();
    if (checker === undefined) return target.acquire(...args);
    const request = { name, lock: mutex, transaction: undefined, kind: 'promised' as const };
    return checker.locks.request(request, () => taken(checker, args));
  }

  async function runExclusive<R>(work: () => R | PromiseLike<R>, ...args: unknown[]): Promise<R> {
    const release = await acquire(...args);
    try {
      return await work();
    } finally {
      release();
    }
  }

  const replaced: Record<PropertyKey, unknown> = { acquire };
  if ('runExclusive' in mutex) replaced['runExclusive'] = runExclusive;
  const giveBack = target.release?.bind(target);
  if (giveBack !== undefined) {
    replaced['release'] = () => {
      released(undefined);
      giveBack();
    };
  }
  return forward(mutex, replaced);
}
