import type { DmaFence } from '@dma-fence/core';
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

/** What a pending fence or a wait depends on: leaves, never containers. */
export class Dependencies {
  /** All of them. */
  count = 0;
  /** Those that are linked and named: the first ones, up to `maxLinks`. */
  readonly #fences: DmaFence[] = [];

  /** Takes note of the leaves of `on`; answers the links to those that are to be linked and have a span. */
  add(on: DmaFence, maxLinks: number): Link[] {
    const links: Link[] = [];
    for (const leaf of leavesOf(on)) {
      this.count++;
      if (this.#fences.length >= maxLinks) continue;
      this.#fences.push(leaf);
      const link = linkTo(leaf);
      if (link !== undefined) links.push(link);
    }
    return links;
  }

  get names(): string[] {
    return this.#fences.map(shortName);
  }

  /** Links to those that have not signaled. */
  get pendingLinks(): Link[] {
    return this.#fences
      .filter((fence) => !fence.signaled)
      .map(linkTo)
      .filter((link) => link !== undefined);
  }

  /** Who is in the way: the first one that is pending, else the one that signaled last, if that can be told. */
  blocker(owner: object): string | undefined {
    const pending = this.#fences.find((fence) => !fence.signaled);
    if (pending !== undefined) return shortName(pending);
    // One that was not kept, or not recorded, may have been the last.
    if (this.count > this.#fences.length) return undefined;
    if (this.#fences.length === 1) return this.names[0];
    let last: DmaFence | undefined;
    let order = 0;
    for (const fence of this.#fences) {
      const record = recordOf(fence, owner);
      if (record === undefined) return undefined;
      if (record.order <= order) continue;
      order = record.order;
      last = fence;
    }
    return last === undefined ? undefined : shortName(last);
  }
}
