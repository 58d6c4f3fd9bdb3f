import { validator } from '../validator.js';
import { late, limit, limitsOf } from '../wait/limits.js';
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
    let unlimit: (() => void) | undefined;
    // Asked as a property: it changes inside of what is called.
    const state = { over: false };
    const settling =
      <V>(settle: (value: V) => void) =>
      (value: V): void => {
        state.over = true;
        unlimit?.();
        settle(value);
      };
    const undo = begin(settling(resolve), settling(reject));
    if (state.over || undo === undefined) return;
    const giveUp = (reason: unknown): void => {
      if (state.over) return;
      undo();
      settling(reject)(reason);
    };
    const { timeoutMs, signal } = limits;
    if (signal?.aborted === true) giveUp(signal.reason);
    else if (timeoutMs === 0) giveUp(late(who, limits));
    else if (timeoutMs !== Infinity || signal !== undefined) {
      unlimit = limit(
        limits,
        () => {
          giveUp(late(who, limits));
        },
        () => {
          giveUp(signal?.reason);
        },
      );
    }
  });
  return capacity === undefined || validator === undefined || limits.timeoutMs === 0
    ? result
    : validator.needs(capacity, who, result);
}
