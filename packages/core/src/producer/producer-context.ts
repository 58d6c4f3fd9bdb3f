import { DmaFenceContext, type DmaFenceContextOptions, type FenceOps } from '../fence/context.js';
import { invalid, unfit } from '../error.js';
import type { DmaFence, DriverFence } from '../fence/dma-fence.js';
import { createIn, type Fence } from '../fence/fence.js';
import type { Owned } from '../fence/ownership.js';
import type { Capacity } from './capacity.js';

/**
 * What a pending fence needs before it can signal.
 *
 * @example A job that waits for another
 * ```ts
 * import type { DmaFence } from '@dma-fence/core';
 * import type { FenceNeeds } from '@dma-fence/core/producer';
 *
 * const after = (other: DmaFence): FenceNeeds => ({ on: [other] });
 * ```
 */
export interface FenceNeeds {
  /** What it waits for, the first one first: fences (borrowed), or anything else in a few words. Dumps show the first. */
  readonly on: readonly (DmaFence | string)[];
  /** What its work holds while it runs. The validator takes a wait for the fence for a wait for this. */
  readonly capacity?: Capacity | undefined;
}

/**
 * The exporter's side, for packages that make producers: `FenceOps`, and what only dumps and the validator ask.
 *
 * @example A queue that can say what its jobs wait for
 * ```ts
 * import type { ProducerOps } from '@dma-fence/core/producer';
 *
 * const ops: ProducerOps = {
 *   needs: (fence) => (fence.seqno > 1 ? { on: ['a free worker'] } : undefined),
 * };
 * ```
 */
export interface ProducerOps extends FenceOps {
  /** What a pending fence needs to signal; undefined if that is not known. Looks only, and changes nothing. */
  needs?(fence: DmaFence): FenceNeeds | undefined;
}

/**
 * Options of `producerContext`.
 *
 * @example With ops
 * ```ts
 * import type { ProducerContextOptions } from '@dma-fence/core/producer';
 *
 * const options: ProducerContextOptions = { driverName: 'gpu', timelineName: 'jobs', ops: { needs: () => undefined } };
 * ```
 */
export interface ProducerContextOptions extends DmaFenceContextOptions {
  /** As for every context, and what only producers answer. */
  ops?: ProducerOps | undefined;
}

/**
 * Makes a context in which only its producer creates fences, with `createFenceIn`; `createFence` on it throws.
 *
 * @param options as for `DmaFenceContext`.
 * @param wayOut what a user should do instead: the end of the error message.
 * @throws FenceError `EINVAL` for bad options.
 *
 * @example A context that a user may look at
 * ```ts
 * import { producerContext } from '@dma-fence/core/producer';
 *
 * const context = producerContext({ driverName: 'gpu', timelineName: 'jobs' }, 'submit a job');
 * ```
 */
export function producerContext(options: ProducerContextOptions, wayOut: string): DmaFenceContext {
  const context = new DmaFenceContext(options);
  context._close(() =>
    invalid(
      `${context.driverName}:${context.timelineName}: createFence() has no place on this context; ${wayOut}`,
    ),
  );
  return context;
}

/**
 * Creates the next fence of a `producerContext`; the caller owns its one reference, and owes its signal.
 *
 * @param context where.
 * @param data handed over to the fence.
 * @throws FenceError `EINVAL` past seqno 2^53-1, and for anything but a context.
 *
 * @example A fence of one's own
 * ```ts
 * import { createFenceIn, producerContext } from '@dma-fence/core/producer';
 *
 * const context = producerContext({ driverName: 'gpu', timelineName: 'jobs' }, 'submit a job');
 * using fence = createFenceIn(context, { job: 7 });
 * fence.seqno; // 1
 * fence.signal();
 * ```
 */
export function createFenceIn<T>(context: DmaFenceContext, data: T): Owned<DriverFence<T>> {
  if (!(context instanceof DmaFenceContext)) {
    throw unfit('createFenceIn(): context', 'a context of producerContext()', context);
  }
  if (context._lastSeqno === Number.MAX_SAFE_INTEGER) {
    throw invalid(
      `${context.driverName}:${context.timelineName}: seqno 2^53-1 was the last exact one; make a new context`,
    );
  }
  return createIn(context, ++context._lastSeqno, data, context._flags);
}

/**
 * What a pending fence needs, as its producer says; undefined for fences whose producer does not.
 *
 * @param fence borrowed.
 *
 * @example Ask
 * ```ts
 * import { DmaFenceContext } from '@dma-fence/core';
 * import { needsOf } from '@dma-fence/core/producer';
 *
 * const context = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
 * using fence = context.createFence();
 * needsOf(fence); // undefined
 * fence.signal();
 * ```
 */
export function needsOf(fence: DmaFence): FenceNeeds | undefined {
  if (fence.signaled) return undefined;
  return ((fence as Fence).context._ops as ProducerOps | undefined)?.needs?.(fence);
}
