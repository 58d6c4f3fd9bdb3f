import {
  fenceArray,
  fenceChain,
  mergeFences,
  signaledFence,
  unwrapFences,
  type DriverFence,
} from '@dma-fence/core';
import { expect, test } from 'vitest';
import { context } from '../support.js';

function fences(count: number): DriverFence[] {
  return Array.from({ length: count }, () => context().createFence());
}

function done(list: readonly DriverFence[]): void {
  for (const fence of list) fence.signal();
}

test('test_sanitycheck: an array of one in a chain is released with it', () => {
  const [a, b, c] = fences(3) as [DriverFence, DriverFence, DriverFence];
  const array = fenceArray([a]);
  const chain = fenceChain(undefined, array, 1);
  array.put();
  chain.put();
  expect(a.refCount).toBe(1);
  done([a, b, c]);
});

test('test_unwrap_array: its members, in order', () => {
  const [a, b, c] = fences(3) as [DriverFence, DriverFence, DriverFence];
  using array = fenceArray([a, b]);
  expect([...unwrapFences(array)]).toEqual([a, b]);
  done([a, b, c]);
});

test('test_unwrap_chain: its fences, newest first, and the plain fence it began after', () => {
  const [a, b, c] = fences(3) as [DriverFence, DriverFence, DriverFence];
  using first = fenceChain(a, b, 1);
  using second = fenceChain(first, c, 2);
  expect([...unwrapFences(second)]).toEqual([c, b, a]);
  done([a, b, c]);
});

test('test_unwrap_chain_array: the members of arrays in a chain', () => {
  const [a, b, c] = fences(3) as [DriverFence, DriverFence, DriverFence];
  using array = fenceArray([a, b]);
  using chain = fenceChain(array, c, 1);
  using both = fenceChain(chain, array, 2);
  expect([...unwrapFences(both)]).toEqual([a, b, c, a, b]);
  done([a, b, c]);
});

test('test_unwrap_merge: two fences of two contexts', () => {
  const [a, b] = fences(2) as [DriverFence, DriverFence];
  using merged = mergeFences([b, a]);
  expect([...unwrapFences(merged)]).toEqual([a, b]);
  done([a, b]);
  expect(merged.poll()).toBe(true);
});

test('test_unwrap_merge_duplicate: the same fence twice is that fence, with a new reference', () => {
  const [a] = fences(1) as [DriverFence];
  const merged = mergeFences([a, a]);
  expect(merged).toBe(a);
  expect(a.refCount).toBe(2);
  merged.put();
  done([a]);
});

test('test_unwrap_merge_seqno: of one context the latest stands for all, contexts ascending', () => {
  const [low, high] = [context(), context()];
  const [a, b, c] = [high.createFence(), high.createFence(), low.createFence()];
  using merged = mergeFences([a, b, c]);
  expect([...unwrapFences(merged)]).toEqual([c, b]);
  using other = mergeFences([b, a]);
  expect(other).toBe(b);
  done([a, b, c]);
});

test('test_unwrap_merge_order: an array, and a chain of the same fences the other way round', () => {
  const [a, b] = fences(2) as [DriverFence, DriverFence];
  using array = fenceArray([a, b]);
  using first = fenceChain(undefined, a, 1);
  using second = fenceChain(first, b, 1);
  using merged = mergeFences([array, second]);
  expect([...unwrapFences(merged)]).toEqual([a, b]);
  done([a, b]);
});

test('test_unwrap_merge_complex: a merge, an array in reverse, and the stub', () => {
  const [a, b] = fences(2) as [DriverFence, DriverFence];
  using merge = mergeFences([a, b]);
  using reverse = fenceArray([b, a]);
  using stub = signaledFence();
  using merged = mergeFences([merge, reverse, stub]);
  expect([...unwrapFences(merged)]).toEqual([a, b]);
  done([a, b]);
});

test('test_unwrap_merge_complex_seqno: two arrays over two contexts', () => {
  const [one, two] = [context(), context()];
  const [a1, a2, b1, b2] = [one.createFence(), one.createFence(), two.createFence(), two.createFence()];
  using left = fenceArray([a2, b1]);
  using right = fenceArray([a1, b2]);
  using merged = mergeFences([left, right]);
  expect([...unwrapFences(merged)]).toEqual([a2, b2]);
  done([a1, a2, b1, b2]);
});

test('test_dedup_empty: of nothing it is the stub', () => {
  using stub = signaledFence();
  using merged = mergeFences([]);
  expect(merged).toBe(stub);
});
