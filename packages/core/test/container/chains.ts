import { fenceChain, type DmaFence, type DriverFence, type FenceChainLink } from '@dma-fence/core';
import { onTestFinished } from 'vitest';
import { context } from '../support.js';

export type Link = DmaFence<FenceChainLink>;

export interface Chain {
  readonly fences: DriverFence<undefined>[];
  readonly links: Link[];
  readonly head: Link;
}

/** A chain whose link `i` has the number `seqno(i)`; every fence and every link is lent to the test. */
export function chainOf(count: number, seqno?: (index: number) => number): Chain {
  const chain = ownChainOf(count, seqno);
  const links = [...chain.links].reverse();
  onTestFinished(() => {
    for (const link of links) link.put();
  });
  return chain;
}

/** The same for a test that puts the links itself. */
export function ownChainOf(count: number, seqno: (index: number) => number = (index) => index + 1): Chain {
  const own = context();
  const fences = Array.from({ length: count }, () => own.createFence());
  const links: Link[] = [];
  for (const [index, fence] of fences.entries()) links.push(fenceChain(links.at(-1), fence, seqno(index)));
  return { fences, links, head: links.at(-1) as Link };
}

export function arm(chain: Chain): void {
  for (const link of chain.links) link.enableSignaling();
}

export function indexes(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** The same shuffle each time. */
export function shuffled(count: number): number[] {
  const list = indexes(count);
  let seed = 42;
  for (let end = count - 1; end > 0; end--) {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    const other = seed % (end + 1);
    [list[end], list[other]] = [list[other] as number, list[end] as number];
  }
  return list;
}
