import {
  arm,
  chainNodes,
  collect,
  ChainLink,
  complete,
  linkOf,
  peekNodes,
  releaseLink,
  collectFrom,
  trim,
  type FenceChainLink,
} from './chain-link.js';
import { Container, containerContext } from './container.js';
import { Holds, passOnWaits } from './holds.js';
import type { DmaFenceContext } from '../fence/context.js';
import { invalid, unfit } from '../error.js';
import type { DmaFence } from '../fence/dma-fence.js';
import { enable, Fence, isFence, OWES_NOTHING } from '../fence/fence.js';
import { hold } from '../fence/held.js';
import { signaledFence } from '../fence/stub.js';
import { tracers } from '../tracer/installed.js';
import { fenceOf } from '../fence/arguments.js';

/** The ops of all chains; what differs is in the link of each fence. */
class ChainOps extends Container {
  enableSignaling(fence: Fence<ChainLink>): boolean {
    arm(fence.data);
    // Others are enabled when their turn comes; these must be ready to be told of waits, see `Holds`.
    if (fence.context._backend !== undefined) {
      for (const pending of pendingFences(fence)) if (pending.context._backend !== undefined) enable(pending);
    }
    return true;
  }

  isSignaled(fence: Fence<ChainLink>): boolean {
    if (collectFrom(fence.data) !== undefined) {
      // What is over behind a fence that is still pending is let go all the same.
      collect(fence.data);
      return false;
    }
    complete(fence.data);
    return true;
  }

  setDeadline(fence: Fence, deadline: number): void {
    for (const node of chainNodes(fence)) (linkOf(node)?.fence ?? node).setDeadline(deadline);
  }

  release(fence: Fence<ChainLink>): void {
    releaseLink(fence.data);
  }

  /** An array inside shows its own members; an array holds no container, so that the depth is two. */
  _members(fence: Fence): readonly Fence[] {
    return [...peekNodes(fence)].map((node) => linkOf(node)?.fence ?? node);
  }

  waiting(fence: Fence<ChainLink>, change: 1 | -1): void {
    (fence.data.holds ??= new Holds()).change(change, () => pendingFences(fence));
  }
}

const chainOps = /* @__PURE__ */ new ChainOps();

function* pendingFences(chain: Fence): Generator<Fence, undefined> {
  for (const node of chainNodes(chain)) yield linkOf(node)?.fence ?? node;
}

/**
 * Appends a link to a chain. The link signals when `fence` and everything before it have signaled.
 *
 * The link takes a reference to both. Like an array, only `poll()` brings it up to date until the first callback or wait. It fails
 * with the first error among its own fence and the links behind it. Links behind it that have succeeded are removed while the
 * chain is used. Failed links stay.
 *
 * @param previous the link, or the plain fence, that comes before. Undefined for the first link.
 * @param fence the fence that this link adds. It may be an array, but not a chain.
 * @param seqno its number, from 1. If it does not rise above the link before, it is raised to the number of that link, and the
 * new link begins a new context.
 * @returns the new link. You own it. If it is pending at its last `put`, it is dropped without a warning.
 * @throws FenceError `EINVAL` for a seqno that is not an integer from 1 to 2^53-1, and for a chain as `fence`.
 * Kernel: `dma_fence_chain_init`.
 *
 * @example Two points of a timeline
 * ```ts
 * import { DmaFenceContext, fenceChain } from '@dma-fence/core';
 *
 * const context = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
 * using upload = context.createFence();
 * using draw = context.createFence();
 * using first = fenceChain(undefined, upload, 1);
 * using second = fenceChain(first, draw, 2);
 * draw.signal();
 * second.poll(); // false: the upload is still on its way
 * upload.signal();
 * second.poll(); // true
 * ```
 */
export function fenceChain(
  previous: DmaFence | undefined,
  fence: DmaFence,
  seqno: number,
): DmaFence<FenceChainLink> {
  return chainBehind(previous === undefined ? undefined : fenceOf('fenceChain()', previous), fence, seqno);
}

/** `fenceChain`, where core itself holds what comes before. */
export function chainBehind(before: Fence | undefined, fence: DmaFence, seqno: number): Fence<ChainLink> {
  const added = fenceOf('fenceChain()', fence);
  if (linkOf(added) !== undefined) {
    throw invalid(
      `fenceChain(): ${added.name} is a chain, which cannot be a link of another; flatten it with mergeFences()`,
    );
  }
  if (!Number.isSafeInteger(seqno) || seqno < 1) {
    throw unfit('fenceChain(): seqno', 'an integer from 1 to 2^53-1', seqno);
  }
  const behind = before === undefined ? undefined : linkOf(before);
  const rises = behind !== undefined && seqno > behind.node.seqno;
  const context = rises ? behind.node.context : containerContext('dma_fence_chain', chainOps);
  const previous = before === undefined ? undefined : hold(before);
  const link = new ChainLink(previous, added.get(), rises ? behind.node.seqno : 0);
  const place = behind === undefined ? seqno : Math.max(seqno, behind.node.seqno);
  const node = append(context, place, link);
  if (behind !== undefined) {
    link.depth = behind.depth + 1;
    link.limit = behind.limit;
    trim(link);
  }
  return node;
}

function append(context: DmaFenceContext, seqno: number, link: ChainLink): Fence<ChainLink> {
  const { previous, fence } = link;
  context._lastSeqno = Math.max(context._lastSeqno, seqno);
  const node = new Fence(context, seqno, link, context._flags | OWES_NOTHING);
  context._pending++;
  // Before tracers are told of it: they may ask whether it is a chain, and what is in it.
  link.node = node;
  tracers?.init(node);
  passOnWaits(context, chainOps, previous);
  passOnWaits(context, chainOps, fence);
  if (tracers !== undefined) {
    tracers.dependency(node, fence);
    if (previous !== undefined) tracers.dependency(node, previous);
  }
  return node;
}

/**
 * Finds the fence to wait for until a chain has reached a point.
 *
 * @param head the newest link. With `seqno` 0, any fence.
 * @param seqno the point. 0 means the head itself.
 * @returns a fence that you own: the link with that number, or in a gap the link with the next higher number. If that link was
 * removed, an older link or the plain fence at the beginning if there is still something to wait for, else the stub.
 * @throws FenceError `EINVAL` if the head has not reached `seqno`, or is no chain. Kernel: `dma_fence_chain_find_seqno`.
 *
 * @example Wait for a point in the middle
 * ```ts
 * import { fenceChain, findChainSeqno, signaledFence } from '@dma-fence/core';
 *
 * using done = signaledFence();
 * using first = fenceChain(undefined, done, 1);
 * using third = fenceChain(first, done, 3);
 * using second = findChainSeqno(third, 2); // the gap is answered by 3
 * second === third; // true
 * ```
 */
export function findChainSeqno(head: DmaFence, seqno: number): DmaFence {
  const newest = fenceOf('findChainSeqno()', head);
  if (!Number.isSafeInteger(seqno) || seqno < 0) {
    throw unfit('findChainSeqno(): seqno', 'an integer from 0 to 2^53-1', seqno);
  }
  if (seqno === 0) return newest.get();
  const newestLink = linkOf(newest);
  if (newestLink === undefined || head.seqno < seqno) {
    throw invalid(
      `findChainSeqno(): ${head.name} has not reached ${String(seqno)}; wait until that point was appended`,
    );
  }
  // Who asks for the newest point, as most do, walks nowhere.
  if (newestLink.previousSeqno < seqno) return newest.get();
  for (const node of chainNodes(newest)) {
    const link = linkOf(node);
    if (node.context !== head.context || link === undefined || link.previousSeqno < seqno) return node.get();
  }
  return signaledFence();
}

/**
 * Returns whether a fence is a link of a chain, also after it has signaled.
 *
 * @param fence any fence. For other values the result is false.
 * @returns true for the results of `fenceChain`. Kernel: `dma_fence_is_chain`.
 *
 * @example A stub is none
 * ```ts
 * import { isFenceChain, signaledFence } from '@dma-fence/core';
 *
 * using stub = signaledFence();
 * isFenceChain(stub); // false
 * ```
 */
export function isFenceChain(fence: DmaFence): boolean {
  return isFence(fence) && linkOf(fence) !== undefined;
}
