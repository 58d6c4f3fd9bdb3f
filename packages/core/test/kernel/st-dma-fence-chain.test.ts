import { fenceChain, findChainSeqno, isFenceChain, signaledFence } from '@dma-fence/core';
import { expect, test } from 'vitest';
import { arm, chainOf, indexes, shuffled, type Link } from '../container/chains.js';
import { context, long, thrown } from '../support.js';

test('test_sanitycheck: a chain of one link', () => {
  const fence = context().createFence();
  using chain = fenceChain(undefined, fence, 1);
  chain.enableSignaling();
  fence.signal();
  expect(chain.status).toBe('signaled');
});

test('test_find_seqno: each point by itself, its successor not from it, its predecessor from it', () => {
  const chain = chainOf(64);
  arm(chain);
  const { head, links } = chain;
  using self = findChainSeqno(head, 0);
  expect(self).toBe(head);
  links.forEach((link, index) => {
    using found = findChainSeqno(head, index + 1);
    expect(found).toBe(link);
    using again = findChainSeqno(found, index + 1);
    expect(again).toBe(link);
    expect(thrown(() => findChainSeqno(link, index + 2)).code).toBe('EINVAL');
    using before = findChainSeqno(link, index);
    expect(before).toBe(index === 0 ? link : links[index - 1]);
  });
  for (const fence of chain.fences) fence.signal();
});

test('test_find_signaled: a point that is over is the stub, or its own link', () => {
  const { fences, links, head } = chainOf(2);
  fences[0]?.signal();
  using found = findChainSeqno(head, 1);
  using stub = signaledFence();
  expect(found).toBe(stub);
  using own = findChainSeqno(links[0] as Link, 1);
  expect(own).toBe(links[0]);
  fences[1]?.signal();
});

test('test_find_out_of_order: with 2 of 1-2-3 signaled, waiting for 2 means waiting for 1', () => {
  const { fences, links, head } = chainOf(3);
  fences[1]?.signal();
  using found = findChainSeqno(head, 2);
  expect(found).toBe(links[0]);
  fences[0]?.signal();
  fences[2]?.signal();
});

test('test_find_gap: a number that was left out is answered by the next higher one', () => {
  const { fences, links, head } = chainOf(64, (index) => 2 * index + 2);
  links.forEach((link, index) => {
    using gap = findChainSeqno(head, 2 * index + 1);
    using exact = findChainSeqno(head, 2 * index + 2);
    expect([gap, exact]).toEqual([link, link]);
  });
  for (const fence of fences) fence.signal();
});

long(
  'test_find_race: finding at random while links signal at random never answers a point before the one asked',
  () => {
    const count = 4096;
    const { fences, head } = chainOf(count);
    const order = shuffled(count);
    const asked = shuffled(count).reverse();
    order.forEach((index, step) => {
      const seqno = (asked[step] as number) + 1;
      using found = findChainSeqno(head, seqno);
      // Everything older than the answer that is pending would be missed by who waits for it.
      if (isFenceChain(found)) expect(found.seqno).toBeLessThanOrEqual(seqno);
      else expect(fences.slice(0, seqno).every((fence) => fence.signaled)).toBe(true);
      fences[index]?.signal();
    });
    expect(head.poll()).toBe(true);
  },
);

test.each([true, false])(
  'test_signal_forward: each signal completes its link and no further (armed: %s)',
  (armed) => {
    const chain = chainOf(64);
    if (armed) arm(chain);
    chain.fences.forEach((fence, index) => {
      fence.signal();
      expect(chain.links[index]?.poll()).toBe(true);
      expect(chain.links[index + 1]?.poll() ?? false).toBe(false);
    });
  },
);

test.each([true, false])(
  'test_signal_backward: nothing completes before the first link does (armed: %s)',
  (armed) => {
    const chain = chainOf(64);
    if (armed) arm(chain);
    for (const index of indexes(64).reverse()) {
      chain.fences[index]?.signal();
      if (index > 0) expect(chain.links[index]?.poll()).toBe(false);
    }
    expect(chain.links.every((link) => link.poll())).toBe(true);
  },
);

/** Waits for the head alone: it is over inside the last signal, not before. */
async function waitForHead(order: readonly number[]): Promise<void> {
  const { fences, head } = chainOf(order.length);
  const waited = head.wait();
  for (const index of order) {
    expect(head.signaled).toBe(false);
    fences[index]?.signal();
  }
  expect(head.signaled).toBe(true);
  await waited;
}

/** Arms every link: each completes as soon as all before it have, in order. */
function completeEach(order: readonly number[]): void {
  const chain = chainOf(order.length);
  const completed: number[] = [];
  for (const link of chain.links) link.addCallback((fence) => completed.push(fence.seqno));
  const over = new Set<number>();
  let done = 0;
  for (const index of order) {
    chain.fences[index]?.signal();
    over.add(index);
    while (over.has(done)) done++;
    expect(completed.length).toBe(done);
  }
  expect(completed).toEqual(order.map((_, index) => index + 1));
  expect(chain.links.every((link) => link.refCount === 1)).toBe(true);
}

long('test_wait_forward: 4096 links signaled from the oldest on, the head waited for, then all', async () => {
  await waitForHead(indexes(4096));
  completeEach(indexes(4096));
});

long(
  'test_wait_backward: 4096 links signaled from the newest on, the head waited for, then all',
  async () => {
    await waitForHead(indexes(4096).reverse());
    completeEach(indexes(4096).reverse());
  },
);

long('test_wait_random: 4096 links signaled in any order, the head waited for, then all', async () => {
  await waitForHead(shuffled(4096));
  completeEach(shuffled(4096));
});
