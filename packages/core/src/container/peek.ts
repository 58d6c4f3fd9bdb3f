import { linkOf, peekNodes } from './chain-link.js';
import { isAny, membersOf } from './fence-array.js';
import type { DmaFence } from '../fence/dma-fence.js';
import { released, type Fence } from '../fence/fence.js';
import { fenceOf } from '../fence/arguments.js';

/**
 * Lists the plain fences inside a fence, like `unwrapFences`, but without a side effect: it polls, removes and signals nothing.
 *
 * Use it for dumps, checks and tracers, which must not change the fences they show.
 *
 * @param fence any fence, borrowed until the end of the iteration.
 * @returns an iterator over borrowed fences: the links of a chain, newest first; the members of an array, in order; any other
 * fence itself. Links that have succeeded are listed until a poll removes them.
 * @throws FenceError `EINVAL` for anything but a fence.
 *
 * @example What a merge still waits for
 * ```ts
 * import { DmaFenceContext, mergeFences, peekFences } from '@dma-fence/core';
 *
 * const copy = new DmaFenceContext({ driverName: 'gpu', timelineName: 'copy' });
 * const ring = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
 * using texture = copy.createFence();
 * using shadows = ring.createFence();
 * using inputs = mergeFences([texture, shadows]);
 * texture.signal();
 * const pending = [...peekFences(inputs)].filter((leaf) => !leaf.signaled);
 * pending.length; // 1
 * shadows.signal();
 * ```
 */
export function peekFences(fence: DmaFence): IterableIterator<DmaFence> {
  return peekLeaves(fenceOf('peekFences()', fence));
}

/** `peekFences`, of a fence in whatever state. */
export function* peekLeaves(fence: Fence): Generator<Fence, undefined> {
  for (const node of peekNodes(fence)) {
    const inside = linkOf(node)?.fence ?? node;
    for (const leaf of membersOf(inside) ?? [inside]) if (!released(leaf)) yield leaf;
  }
}

/** The leaves that a fence still waits for, as far as flags tell; none of an `any` array that is decided. */
export function* peekPending(fence: Fence): Generator<Fence, undefined> {
  if (fence.signaled) return;
  for (const node of peekNodes(fence)) {
    const inside = linkOf(node)?.fence ?? node;
    const members = membersOf(inside) ?? [inside];
    if (inside.signaled || (isAny(inside) && members.some(({ signaled }) => signaled))) continue;
    for (const member of members) if (!member.signaled) yield member;
  }
}
