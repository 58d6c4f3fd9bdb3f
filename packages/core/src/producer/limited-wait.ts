import { validator } from '../validator.js';
import { Course } from '../wait/course.js';
import { limitsOf } from '../wait/limits.js';
import type { WaitOptions } from '../wait/wait.js';
import type { Capacity } from './capacity.js';

/**
 * What a wait of a producer's own does when it begins.
 *
 * @example Wait for a turn
 * ```ts
 * import type { BeginWait } from '@dma-fence/core/producer';
 *
 * const turns: (() => void)[] = [];
 * const begin: BeginWait<void> = (resolve) => {
 *   turns.push(resolve);
 *   return () => turns.splice(turns.indexOf(resolve), 1);
 * };
 * ```
 */
export type BeginWait<T> = (
  resolve: (value: T) => void,
  reject: (reason: unknown) => void,
) => (() => unknown) | undefined;

/**
 * A wait for something that is no fence, with the options, limits and messages of every wait.
 *
 * @param who the beginning of error messages, like `room()`.
 * @param options as for `DmaFence.wait`.
 * @param begin settles at once and returns undefined, or returns what takes the wait back when its time is over or it is aborted.
 * @param capacity what the wait needs, for the validator.
 * @returns a promise that settles as `begin` says; rejects with `ETIME`, `signal.reason`, or `EINVAL` for bad options. What has
 * settled at once reports neither timeout nor abort.
 *
 * @example Until the door opens
 * ```ts
 * import { limitedWait } from '@dma-fence/core/producer';
 *
 * let open: () => void = () => undefined;
 * const waiting = limitedWait<void>('door()', { timeoutMs: 1000 }, (resolve) => {
 *   open = resolve;
 *   return () => (open = () => undefined);
 * });
 * open();
 * await waiting;
 * ```
 */
export async function limitedWait<T>(
  who: string,
  options: WaitOptions | undefined,
  begin: BeginWait<T>,
  capacity?: Capacity,
): Promise<T> {
  const limits = limitsOf(who, options);
  const result = new Promise<T>((resolve, reject) => {
    new OwnWait(begin, resolve, reject).begin(limits);
  });
  return capacity === undefined || validator === undefined || limits.timeoutMs === 0
    ? result
    : validator.needs(capacity, who, result);
}

/** A wait that `begin` has begun, and will settle. */
class OwnWait<T> extends Course {
  readonly reject: (reason: unknown) => void;
  /** Settles the promise; undefined until it is decided. */
  #decision: (() => void) | undefined = undefined;
  readonly #undo: (() => unknown) | undefined;

  constructor(begin: BeginWait<T>, resolve: (value: T) => void, reject: (reason: unknown) => void) {
    super();
    this.reject = reject;
    const decided = (decision: () => void): void => {
      this.#decision ??= decision;
      if (this.stage === 'hung') this.end('signaled');
    };
    this.#undo = begin(
      (value) => {
        decided(() => {
          resolve(value);
        });
      },
      (reason) => {
        decided(() => {
          reject(reason);
        });
      },
    );
  }

  settle(): boolean {
    this.#decision?.();
    return this.#decision !== undefined;
  }

  ask(): void {
    // It was asked when it began.
  }

  hang(): void {
    this.stage = 'hung';
  }

  leave(): void {
    if (this.#decision === undefined) this.#undo?.();
  }
}
