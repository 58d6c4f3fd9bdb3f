import { unfit } from '../error.js';
import { captureTrace, type Trace } from '../lockdep/trace.js';
import { platform } from '../platform.js';

/** A promise that has a name, and has not settled. */
export interface NamedWait {
  readonly what: string;
  readonly since: number;
  readonly created: Trace;
}

/** Those that have not settled, oldest first. */
export const namedWaits: Set<NamedWait> = /* @__PURE__ */ new Set<NamedWait>();

/**
 * Gives a promise a name in the tables of `dumpFences` and `dumpAtExit`, until it settles.
 *
 * @param promise any promise. It is not changed.
 * @param what its name, in a few words.
 * @returns the promise itself.
 * @throws FenceError `EINVAL` for a name that is empty or not a string.
 *
 * @example Name what a script waits for
 * ```ts
 * import { named } from '@dma-fence/core/debug';
 *
 * const answer = await named(Promise.resolve(42), 'the answer of the device');
 * answer; // 42
 * ```
 */
export function named<P extends PromiseLike<unknown>>(promise: P, what: string): P {
  if (typeof (promise as Partial<P> | null | undefined)?.then !== 'function') {
    throw unfit('named(): promise', 'a promise', promise);
  }
  if (typeof what !== 'string' || what === '') throw unfit('named(): what', 'a name', what);
  const wait: NamedWait = { what, since: platform.now(), created: captureTrace().read() };
  namedWaits.add(wait);
  const over = (): void => {
    namedWaits.delete(wait);
  };
  promise.then(over, over);
  return promise;
}
