import { isContainer } from './container.js';
import type { DmaFenceContext } from '../fence/context.js';
import type { DmaFence } from '../fence/dma-fence.js';
import { adoptArray } from './fence-array.js';
import { released, type Fence } from '../fence/fence.js';
import { giveBack, hold, isOver } from '../fence/held.js';
import { signaledFence } from '../fence/stub.js';
import { remainingLeaves } from './unwrap.js';
import { fencesOf } from '../fence/arguments.js';

/**
 * Polls fences, and merges them into one fence to wait for, as small as possible.
 *
 * Containers are flattened, pending arrays of mode `any` too. An `any` array that is decided counts as signaled, wherever it is.
 * Of each context only the latest pending fence remains, because the fences of one context signal in order. Failed fences
 * remain, so no error is lost.
 *
 * @param fences any number of fences and containers, borrowed.
 * @returns a fence that you own. The stub, if nothing is pending or failed. If one fence remains, that fence with a new
 * reference. Else an array in mode `all`, with its members in ascending order of context id, then seqno.
 * @throws FenceError `EINVAL` for anything but fences. Kernel: `dma_fence_unwrap_merge`.
 *
 * @example What a render pass must wait for
 * ```ts
 * import { FenceTimeline, mergeFences } from '@dma-fence/core';
 *
 * using copy = new FenceTimeline({ driverName: 'gpu', timelineName: 'copy' });
 * using ring = new FenceTimeline({ driverName: 'gpu', timelineName: 'ring0' });
 * using vertices = copy.createFence();
 * using texture = copy.createFence();
 * using shadows = ring.createFence();
 * using inputs = mergeFences([vertices, texture, shadows]); // the texture and the shadows
 * copy.advanceTo(2);
 * ring.advanceTo(1);
 * inputs.poll(); // true
 * ```
 */
export function mergeFences(fences: Iterable<DmaFence>): DmaFence {
  const leaves = new Leaves();
  for (const fence of fencesOf('mergeFences()', fences)) leaves.add(fence);
  const left = leaves.take();
  const [only] = left;
  if (only === undefined) return signaledFence();
  // One that an extra put() took cannot be handed out.
  return left.length === 1 && !released(only) ? only : adoptArray(left, false);
}

/** What a merge has found so far, each with a reference: asking one fence may release another. */
class Leaves {
  readonly #latest = new Map<DmaFenceContext, Fence>();
  readonly #failed = new Set<Fence>();

  add(fence: Fence): void {
    // Most are plain, and need no iterator.
    if (!isContainer(fence)) this.#addLeaf(fence);
    else for (const leaf of remainingLeaves(fence)) this.#addLeaf(leaf);
  }

  #addLeaf(leaf: Fence): void {
    if (isOver(leaf)) this.#addFailed(leaf);
    else this.#addPending(leaf);
  }

  #addFailed(leaf: Fence): void {
    if (leaf.status === 'failed' && !this.#failed.has(leaf)) this.#failed.add(hold(leaf));
  }

  #addPending(leaf: Fence): void {
    const before = this.#latest.get(leaf.context);
    if (before !== undefined && before.seqno >= leaf.seqno) return;
    this.#latest.set(leaf.context, leaf.get());
    giveBack(before);
  }

  /** Hands over what is left, in order. */
  take(): Fence[] {
    for (const leaf of this.#latest.values()) {
      // Asking the later ones may have signaled it.
      if (!leaf.signaled) continue;
      this.#addFailed(leaf);
      giveBack(leaf);
      this.#latest.delete(leaf.context);
    }
    return [...this.#failed, ...this.#latest.values()].sort(byPlace);
  }
}

function byPlace(one: Fence, other: Fence): number {
  return one.context.id - other.context.id || one.seqno - other.seqno;
}
