import { checkOptions, unfit } from '../error.js';
import { platform } from '../platform.js';
import { Census, createdAt, pendingMemberOf, waitersOf, waitsForOf } from './census.js';

/**
 * A fence that has not signaled, in the list of `pendingFences`.
 *
 * @example Who has waited longest
 * ```ts
 * import { pendingFences, type PendingFence } from '@dma-fence/core/debug';
 *
 * const oldest: PendingFence | undefined = pendingFences().sort((a, b) => b.ageMs - a.ageMs)[0];
 * oldest; // undefined
 * ```
 */
export interface PendingFence {
  /** `driver:timeline:context:seqno`. */
  readonly name: string;
  /** Milliseconds since it was created. */
  readonly ageMs: number;
  /** The number of references. */
  readonly refCount: number;
  /** The number of callbacks and waits on it. */
  readonly waiters: number;
  /** The stack of its creation, innermost frame first. Empty without `stacks`. */
  readonly created: readonly string[];
  /** For an array, a chain or a merge: the name of the first pending member. */
  readonly pendingMember: string | undefined;
  /** For a job: the name of the fence it waits for, or a few words. Undefined if its producer does not say. */
  readonly waitsFor: string | undefined;
}

/**
 * A fence that was garbage-collected while references were held: a `put()` is missing.
 *
 * @example Where it came from
 * ```ts
 * import { leakedFences, type LeakedFence } from '@dma-fence/core/debug';
 *
 * const places = leakedFences().map(({ name, created }: LeakedFence) => `${name} ${created[0] ?? ''}`);
 * places; // []
 * ```
 */
export interface LeakedFence {
  /** `driver:timeline:context:seqno`. */
  readonly name: string;
  /** The stack of its creation, innermost frame first. Empty without `stacks`. */
  readonly created: readonly string[];
}

/**
 * Options of `trackFences`.
 *
 * @example With stacks
 * ```ts
 * import { trackFences, type TrackOptions } from '@dma-fence/core/debug';
 *
 * const options: TrackOptions = { stacks: true };
 * using tracking = trackFences(options);
 * ```
 */
export interface TrackOptions {
  /** Whether the stack of each creation is kept. Off by default, because it costs some microseconds per fence. */
  stacks?: boolean | undefined;
}

/** What is known while tracking is on; common to all who turned it on. */
let census: Census | undefined;
/** Who did, and whether they want stacks. */
const trackings = new Set<{ readonly stacks: boolean }>();

/**
 * Tracks the fences that are created from now on, for `pendingFences`, `dumpFences` and `leakedFences`.
 *
 * @param options what to keep of each fence.
 * @returns a disposable that ends the tracking. When the last one is disposed of, everything is forgotten.
 * @throws FenceError `EINVAL` for bad options. Kernel: `CONFIG_DMABUF_DEBUG`.
 *
 * @example Who should have signaled this?
 * ```ts
 * import { DmaFenceContext } from '@dma-fence/core';
 * import { pendingFences, trackFences } from '@dma-fence/core/debug';
 *
 * using tracking = trackFences({ stacks: true });
 * const context = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
 * using fence = context.createFence();
 * pendingFences().length; // 1
 * fence.signal();
 * pendingFences().length; // 0
 * ```
 */
export function trackFences(options: TrackOptions = {}): Disposable {
  checkOptions('trackFences()', options, ['stacks']);
  const { stacks = false } = options;
  if (typeof stacks !== 'boolean') throw unfit('trackFences(): stacks', 'true or false', stacks);
  const tracking = { stacks };
  trackings.add(tracking);
  census ??= new Census(stacks);
  const choose = (): void => {
    if (census !== undefined) census.stacks = [...trackings].some(({ stacks }) => stacks);
  };
  choose();
  return {
    [Symbol.dispose]() {
      if (!trackings.delete(tracking)) return;
      if (trackings.size > 0) {
        choose();
        return;
      }
      census?.[Symbol.dispose]();
      census = undefined;
    },
  };
}

/**
 * Lists every tracked fence that has not signaled, oldest first.
 *
 * @returns the fences, with what is known of each. Empty while tracking is off. Kernel: debugfs, `dma_buf/bufinfo`.
 *
 * @example Names of what is in flight
 * ```ts
 * import { pendingFences } from '@dma-fence/core/debug';
 *
 * pendingFences().map(({ name, waiters }) => `${name}: ${waiters} wait`); // []
 * ```
 */
export function pendingFences(): PendingFence[] {
  const now = platform.now();
  return [...(census?.living ?? [])].flatMap((entry) => {
    const fence = entry.ref.deref();
    if (fence === undefined || fence.signaled) return [];
    const { name, since } = entry;
    const { refCount } = fence;
    return {
      name,
      ageMs: now - since,
      refCount,
      waiters: waitersOf(fence),
      created: createdAt(entry),
      pendingMember: pendingMemberOf(fence)?.name,
      waitsFor: waitsForOf(fence),
    };
  });
}

/**
 * Lists the fences that were garbage-collected while references were held, since tracking began.
 *
 * The garbage collector decides when they are found. A pending fence that is lost counts too.
 *
 * @returns their names and the places of their creation. Empty while tracking is off.
 *
 * @example A check at the end of a program
 * ```ts
 * import { leakedFences } from '@dma-fence/core/debug';
 *
 * for (const { name } of leakedFences()) console.warn(`${name} was never put`);
 * ```
 */
export function leakedFences(): LeakedFence[] {
  return (census?.lost ?? []).map((entry) => ({ name: entry.name, created: createdAt(entry) }));
}
