import type { FenceCallback } from '../fence/callback.js';
import { finish } from './container.js';
import { earlier } from '../fence/first-failure.js';
import type { Holds } from './holds.js';
import type { DmaFence } from '../fence/dma-fence.js';
import { attachCore } from '../fence/attachment.js';
import type { Failure } from '../fence/failure.js';
import { enable, failure, type Fence, released } from '../fence/fence.js';
import { giveBack, hold, isOver } from '../fence/held.js';

/**
 * What a chain link holds: a fence, and everything that must be over before it.
 *
 * @example Walk one step back
 * ```ts
 * import { DmaFenceContext, fenceChain } from '@dma-fence/core';
 *
 * const context = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
 * using fence = context.createFence();
 * using link = fenceChain(undefined, fence, 1);
 * link.data.fence === fence; // true
 * link.data.previous; // undefined: it is the first
 * fence.signal();
 * ```
 */
export interface FenceChainLink {
  /** The next older link, or the plain fence the chain began after (borrowed); undefined at the beginning, and once what is behind was collected. */
  readonly previous: DmaFence | undefined;
  /** The fence of this link itself (borrowed). */
  readonly fence: DmaFence;
}

/**
 * One link of a chain: the `data` of its fence.
 *
 *     link 3 ──previous──▶ link 2 ──previous──▶ link 1 ──▶ (a plain fence, or nothing)
 *       │ fence              │ fence              │ fence
 *
 * A link is over when its own fence and everything behind it are. Links that are waited for, its followers, gather where
 * the next signal is due, at the nearest link that still waits itself (see `follow`); when that one's fence signals they
 * move on together, by joining two lists. So each signal costs the same however many links are armed, and nothing recurses.
 */
export class ChainLink implements FenceChainLink {
  readonly fence: Fence;
  previous: Fence | undefined;
  /** The seqno before this one in the same context; stays when that link was collected. Answers `findChainSeqno`. */
  readonly previousSeqno: number;
  /** The chain fence that this is the data of; set right after the creation. */
  node!: Fence;
  /** About how many links were appended since the chain was last collected as a whole, and how many are too many. */
  depth = 0;
  limit: number = SHORT;
  /** Somebody waits for the fence of this link, which holds a reference to itself. */
  armed = false;
  /** Hangs on the fence it waits for; unless it is armed, it holds its node by a reference meanwhile. */
  hanging = false;
  kept = false;
  /** The followers that gather here, first to last, joined by `next`. */
  first: ChainLink | undefined = undefined;
  last: ChainLink | undefined = undefined;
  next: ChainLink | undefined = undefined;
  holds: Holds | undefined = undefined;

  constructor(previous: Fence | undefined, fence: Fence, previousSeqno: number) {
    this.previous = previous;
    this.fence = fence;
    this.previousSeqno = previousSeqno;
  }

  /** What it waited for has signaled: its followers move on. */
  moveOn(): void {
    const { first, last, kept } = this;
    this.hanging = false;
    this.first = undefined;
    this.last = undefined;
    // Who hangs somewhere has followers.
    follow(this, first as ChainLink, last as ChainLink);
    if (kept) giveBack(this.node);
  }
}

function moveOn(_fence: DmaFence, { data }: FenceCallback<ChainLink>): void {
  data.moveOn();
}

/** How many links may be appended before a chain is collected as a whole. */
const SHORT = 64;

/** The link of a chain fence; undefined for any other. */
export function linkOf(fence: Fence): ChainLink | undefined {
  return fence.data instanceof ChainLink && fence.data.node === fence ? fence.data : undefined;
}

/** Arms a link: it completes by itself from now on. */
export function arm(link: ChainLink): void {
  link.armed = true;
  hold(link.node);
  follow(link, link, link);
}

/** Has the followers `first` to `last`, which are over once `start` is, wait where the next signal is due. */
function follow(start: ChainLink, first: ChainLink, last: ChainLink): void {
  for (;;) {
    const holder = collectFrom(start);
    if (holder === undefined) {
      completeAll(first);
      return;
    }
    const target = holder.fence.signaled ? (holder.previous as Fence) : holder.fence;
    if (!holder.hanging) {
      // Its exporter may say "already done".
      if (!enable(target)) continue;
      // And may have armed others meanwhile.
      if (!(holder as { hanging: boolean }).hanging) {
        holder.hanging = true;
        holder.kept = !holder.armed;
        if (holder.kept) hold(holder.node);
        attachCore(target, moveOn, holder);
      }
    }
    if (holder.last === undefined) holder.first = first;
    else holder.last.next = first;
    holder.last = last;
    return;
  }
}

/** Completes followers, the first added first. */
function completeAll(first: ChainLink): void {
  let link: ChainLink | undefined = first;
  while (link !== undefined) {
    const { next }: ChainLink = link;
    link.next = undefined;
    // A poll in a callback before it may have been faster.
    if (link.armed) {
      collectFrom(link);
      complete(link);
    }
    link = next;
  }
}

/** Completes a link behind which everything is over. */
export function complete(link: ChainLink): void {
  const { node } = link;
  finish(node, failureOf(link));
  if (!link.armed) return;
  link.armed = false;
  giveBack(node);
}

/** The first failure of a link and all behind it, which are over. */
function failureOf(link: ChainLink): Failure | undefined {
  let first = failure(link.fence);
  for (let node = link.previous; node !== undefined; node = linkOf(node)?.previous) {
    first = earlier(first, nodeFailure(node));
    // Its own result speaks for everything behind it.
    if (node.signaled) break;
  }
  return first;
}

/** What a link, or the plain fence at the end, adds to the error of those in front of it. */
function nodeFailure(node: Fence): Failure | undefined {
  return failure(node.signaled ? node : (linkOf(node)?.fence ?? node));
}

/**
 * The nearest link, from `start` backward, that still waits: for its own fence, or for the plain one behind it.
 * Undefined when everything is over.
 */
export function collectFrom(start: ChainLink): ChainLink | undefined {
  if (start.node.signaled) return undefined;
  return isOver(start.fence) ? collectBehind(start) : start;
}

/** As `collectFrom`, for what is behind `start`. */
function collectBehind(start: ChainLink): ChainLink | undefined {
  let link = start;
  for (;;) {
    const previous = collect(link);
    // A link that is over itself speaks for everything behind it.
    if (previous === undefined || previous.signaled) return undefined;
    const older = linkOf(previous);
    if (older === undefined) return link;
    if (!older.fence.signaled) return older;
    link = older;
  }
}

/**
 * Takes out what is over directly behind `link`, and returns what remains there (borrowed): pending, or failed.
 *
 * What has failed stays, since its error belongs to every link in front; unless an older neighbour failed before it.
 * Kernel: `dma_fence_chain_walk`.
 */
export function collect(link: ChainLink): Fence | undefined {
  for (;;) {
    const previous = dropSucceeded(link);
    const failure = previous === undefined ? undefined : nodeFailure(previous);
    const older = previous === undefined ? undefined : linkOf(previous);
    if (previous === undefined || failure === undefined || older === undefined) return previous;
    hold(previous);
    const behind = dropSucceeded(older);
    giveBack(previous);
    if (link.previous !== previous) continue;
    if ((behind === undefined ? Infinity : (nodeFailure(behind)?.order ?? Infinity)) > failure.order)
      return previous;
    relink(link, behind);
  }
}

/** Takes out what has succeeded directly behind `link`, and returns what remains there. */
function dropSucceeded(link: ChainLink): Fence | undefined {
  let shared: ChainLink[] | undefined;
  for (;;) {
    const { previous } = link;
    if (previous === undefined) break;
    const older = linkOf(previous);
    const fence = older?.fence ?? previous;
    if (!fence.signaled) {
      // Asking may run anything; afterwards somebody else may have collected here.
      hold(previous);
      const over = isOver(fence);
      giveBack(previous);
      if (link.previous !== previous) continue;
      if (!over) break;
    }
    if (fence.status === 'failed') break;
    relink(link, older?.previous);
    // Others who hold it would walk the same way again.
    if (older !== undefined && !released(previous)) (shared ??= []).push(older);
  }
  if (shared !== undefined) {
    for (const other of shared) {
      if (!released(other.node)) relink(other, link.previous);
    }
  }
  return link.previous;
}

/** Puts `node` behind `link`, instead of what was there. */
function relink(link: ChainLink, node: Fence | undefined): void {
  const { previous } = link;
  link.previous = node === undefined ? undefined : hold(node);
  giveBack(previous);
}

/** The links of a chain, newest first, each held while the caller looks at it; at last the plain fence behind them, if any. */
export function* chainNodes(head: Fence): Generator<Fence, undefined> {
  let node: Fence | undefined = hold(head);
  try {
    while (node !== undefined) {
      yield node;
      const link = linkOf(node);
      const older: Fence | undefined = link === undefined ? undefined : collect(link);
      if (older !== undefined) hold(older);
      giveBack(node);
      node = older;
    }
  } finally {
    giveBack(node);
  }
}

/** The same, only looking: nothing is asked, collected or held. */
export function* peekNodes(head: Fence): Generator<Fence, undefined> {
  for (let node: Fence | undefined = head; node !== undefined && !released(node);) {
    // Whoever looks may release the node.
    const older: Fence | undefined = linkOf(node)?.previous;
    yield node;
    node = older;
  }
}

/** Keeps a chain that only ever grows short: collects it as a whole each time it may have doubled. */
export function trim(link: ChainLink): void {
  if (link.depth <= link.limit) return;
  link.depth = 0;
  for (let node: ChainLink | undefined = link; node !== undefined; node = nextWaiting(node)) link.depth++;
  link.limit = 2 * link.depth + SHORT;
}

/** The next link behind this one that still waits for its own fence. */
function nextWaiting(link: ChainLink): ChainLink | undefined {
  const waiting = collectBehind(link);
  return waiting === link ? undefined : waiting;
}

/** Gives back everything that a link holds; those behind it that nobody else holds go in a loop, not by recursion. */
export function releaseLink(link: ChainLink): void {
  let { previous } = link;
  link.previous = undefined;
  link.armed = false;
  giveBack(link.fence);
  while (previous !== undefined) {
    const older = previous.refCount === 1 ? linkOf(previous) : undefined;
    const next: Fence | undefined = older?.previous;
    if (older !== undefined) older.previous = undefined;
    giveBack(previous);
    previous = next;
  }
}
