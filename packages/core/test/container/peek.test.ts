import {
  addFenceTracer,
  fenceArray,
  fenceChain,
  isFenceChain,
  peekFences,
  signaledFence,
  type DmaFence,
  type DriverFence,
  type FenceChainLink,
} from '@dma-fence/core';
import { expect, test } from 'vitest';
import { context, ownContext, thrown, warnings } from '../support.js';

/** Fences whose exporter says that they are done as soon as it is asked, and who was asked. */
function doneWhenAsked(count: number): { fences: DriverFence[]; asked: number[] } {
  const asked: number[] = [];
  const own = context({ ops: { isSignaled: ({ seqno }) => asked.push(seqno) > 0 } });
  return { fences: Array.from({ length: count }, () => own.createFence()), asked };
}

test('a plain fence is its own only leaf, an empty array has none', () => {
  using stub = signaledFence();
  using empty = fenceArray([]);
  expect([...peekFences(stub)]).toEqual([stub]);
  expect([...peekFences(empty)]).toEqual([]);
});

test('links are listed newest first, members in order, at last the plain fence behind them; nobody is asked', () => {
  const { fences, asked } = doneWhenAsked(4);
  const [a, b, c, d] = fences as [DriverFence, DriverFence, DriverFence, DriverFence];
  using both = fenceArray([b, c]);
  using first = fenceChain(a, both, 1);
  using second = fenceChain(first, d, 2);
  const held = [a, b, c, d, both, first, second].map(({ refCount }) => refCount);
  asked.length = 0;
  expect([...peekFences(second)]).toEqual([d, b, c, a]);
  expect(asked).toEqual([]);
  expect([a, b, c, d, both, first, second].map(({ refCount }) => refCount)).toEqual(held);
  expect(fences.every(({ status }) => status === 'pending')).toBe(true);
  for (const fence of fences) fence.signal();
});

test('links that have succeeded are listed, and stay, until a poll collects them', () => {
  const [a, b] = [context().createFence(), context().createFence()];
  using first = fenceChain(undefined, a, 1);
  using second = fenceChain(first, b, 2);
  a.signal();
  expect([...peekFences(second)]).toEqual([b, a]);
  expect(second.data.previous).toBe(first);
  second.poll();
  expect([...peekFences(second)]).toEqual([b]);
  b.signal();
});

test('the loop may signal what it sees; what its own put() releases is not listed', () => {
  const heard = warnings();
  const own = ownContext();
  const fences = Array.from({ length: 3 }, () => own.createFence());
  let chain: DmaFence<FenceChainLink> | undefined;
  for (const [index, fence] of fences.entries()) {
    const next = fenceChain(chain, fence, index + 1);
    chain?.put();
    fence.put();
    chain = next;
  }
  const seen: DmaFence[] = [];
  for (const leaf of peekFences(chain as DmaFence)) {
    seen.push(leaf);
    (leaf as DriverFence).signal();
    if (seen.length === 2) chain?.put();
  }
  expect(seen).toEqual([fences[2], fences[1]]);
  expect(fences.map(({ refCount }) => refCount)).toEqual([0, 0, 0]);
  expect(heard).toHaveLength(1);
});

test('a tracer that is told of a link sees the chain in it', () => {
  const seen: [boolean, readonly DmaFence[]][] = [];
  const [a, b] = [context().createFence(), context().createFence()];
  {
    using _tracing = addFenceTracer({
      init: (fence) => {
        seen.push([isFenceChain(fence), [...peekFences(fence)]]);
        fence.poll();
      },
    });
    using first = fenceChain(undefined, a, 1);
    using second = fenceChain(first, b, 2);
    expect(second.signaled).toBe(false);
  }
  expect(seen).toEqual([
    [true, [a]],
    [true, [b, a]],
  ]);
  a.signal();
  b.signal();
});

test('refuses what is no fence, and a fence whose last reference was put', () => {
  expect(thrown(() => peekFences(1 as never)).message).toBe(
    'peekFences(): what it takes must be a fence, not 1',
  );
  const fence = ownContext().createFence();
  fence.signal();
  fence.put();
  expect(thrown(() => peekFences(fence)).code).toBe('EINVAL');
});
