import type { Borrowed, DmaFence, FenceError, FenceErrorCode } from '@dma-fence/core';
import type { Link } from '@opentelemetry/api';
import { anyRecordOf, recordOf } from './fence-record.js';
import { leavesOf } from './leaves.js';

/** `context:seqno`, as the kernel's scheduler traces name a fence. */
export function shortName(fence: DmaFence): string {
  return `${String(fence.context.id)}:${String(fence.seqno)}`;
}

/** The link to a fence that has a span. */
function linkTo(fence: DmaFence): Link | undefined {
  const span = anyRecordOf(fence)?.span;
  return span === undefined ? undefined : { context: span.spanContext() };
}

/** From how many on a set finds a double faster than a look at each. */
const MANY = 16;

/** What a pending fence or a wait depends on: leaves, never containers, each once. */
export class Dependencies {
  readonly #maxLinks: number;
  readonly #fences: DmaFence[] = [];
  /** The same ones, when there are many. */
  #known: Set<DmaFence> | undefined = undefined;
  /** All before this one have signaled, and will not be looked at again. */
  #firstPending = 0;

  /** @param maxLinks so many are linked and named, the first ones. */
  constructor(maxLinks: number) {
    this.#maxLinks = maxLinks;
  }

  /** How many there are. */
  get count(): number {
    return this.#fences.length;
  }

  /** Takes note of the leaves of `on`; answers the links to those that are to be linked and have a span. */
  add(on: DmaFence): Link[] {
    const links: Link[] = [];
    for (const leaf of leavesOf(on)) {
      // The stub is nobody's work.
      if (leaf.context.id === 0 || this.#has(leaf)) continue;
      this.#fences.push(leaf);
      this.#known?.add(leaf);
      const link = this.count <= this.#maxLinks ? linkTo(leaf) : undefined;
      if (link !== undefined) links.push(link);
    }
    return links;
  }

  /** The linked ones. */
  get names(): string[] {
    return this.#fences.slice(0, this.#maxLinks).map(shortName);
  }

  /** The first one that has not signaled. */
  get pending(): Borrowed | undefined {
    const fences = this.#fences;
    while (fences[this.#firstPending]?.signaled === true) this.#firstPending++;
    return fences[this.#firstPending];
  }

  /** When the last one was over, of those that are over and that `owner` has seen. */
  lastEnd(owner: object): number {
    let last = -Infinity;
    for (const fence of this.#fences) {
      const record = fence.signaled ? recordOf(fence, owner) : undefined;
      if (record !== undefined && record.end > last) last = record.end;
    }
    return last;
  }

  /** Which one was in the way until the fence signaled: one that is pending even now, else the one that signaled last, if that can be told. */
  blocker(owner: object): Borrowed | undefined {
    const { pending } = this;
    if (pending !== undefined) return pending;
    if (this.count > this.#maxLinks) return undefined;
    if (this.count === 1) return this.#fences[0];
    let last: DmaFence | undefined;
    let order = 0;
    for (const fence of this.#fences) {
      const record = recordOf(fence, owner);
      if (record === undefined) return undefined;
      if (record.order <= order) continue;
      order = record.order;
      last = fence;
    }
    return last;
  }

  /** The error of the first one that failed with that code. */
  failedWith(code: FenceErrorCode): FenceError | undefined {
    return this.#fences.find(({ error }) => error?.code === code)?.error;
  }

  #has(fence: DmaFence): boolean {
    if (this.count < MANY) return this.#fences.includes(fence);
    this.#known ??= new Set(this.#fences);
    return this.#known.has(fence);
  }
}
