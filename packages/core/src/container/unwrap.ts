import { chainNodes, linkOf } from './chain-link.js';
import type { DmaFence } from '../fence/dma-fence.js';
import { membersOf } from './fence-array.js';
import type { Fence } from '../fence/fence.js';
import { isOver } from '../fence/held.js';
import { fenceOf } from '../fence/arguments.js';

/**
 * Lists the plain fences inside a fence: the links of a chain, newest first; the members of an array, in order; any other fence
 * itself. It polls the links of a chain. To look without polling, use `peekFences`.
 *
 * @param fence any fence, borrowed until the end of the iteration.
 * @returns an iterator over borrowed fences, each valid until the next step. Links behind the head that have succeeded may have
 * been removed, and are then left out. You may leave early with `break` or `return`: the iterator puts its references.
 * @throws FenceError `EINVAL` for anything but a fence. Kernel: `dma_fence_unwrap_for_each`.
 *
 * @example The leaves of an array
 * ```ts
 * import { DmaFenceContext, fenceArray, unwrapFences } from '@dma-fence/core';
 *
 * const context = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
 * using a = context.createFence();
 * using b = context.createFence();
 * using both = fenceArray([a, b]);
 * [...unwrapFences(both)].map((leaf) => leaf.seqno); // [1, 2]
 * a.signal();
 * b.signal();
 * ```
 */
export function unwrapFences(fence: DmaFence): IterableIterator<DmaFence> {
  return leavesOf(fenceOf('unwrapFences()', fence));
}

/** What of a fence is still to be waited for, or has failed; everything is polled. */
export function* remainingLeaves(fence: Fence): Generator<Fence, undefined> {
  for (const node of chainNodes(fence)) {
    const inside = linkOf(node)?.fence ?? node;
    // An `any` array that is decided waits for none of its other members.
    const decided = isOver(inside);
    for (const leaf of membersOf(inside) ?? [inside]) {
      if (isOver(leaf) ? leaf.status === 'failed' : !decided) yield leaf;
    }
  }
}

/** `unwrapFences`, after the check. */
export function* leavesOf(fence: Fence): Generator<Fence, undefined> {
  for (const node of chainNodes(fence)) {
    const inside = linkOf(node)?.fence ?? node;
    const members = membersOf(inside);
    if (members === undefined) yield inside;
    else yield* members;
  }
}
