import {
  fenceArray,
  fenceChain,
  signaledFence,
  unwrapFences,
  type DmaFence,
  type DriverFence,
} from '@dma-fence/core';
import { expect, test } from 'vitest';
import { context, ownContext, thrown } from '../support.js';

function three(): [DriverFence, DriverFence, DriverFence] {
  return [context().createFence(), context().createFence(), context().createFence()];
}

function done(...fences: DriverFence[]): void {
  for (const fence of fences) fence.signal();
}

test('a plain fence is its own only leaf', () => {
  using stub = signaledFence();
  expect([...unwrapFences(stub)]).toEqual([stub]);
});

test('an empty array has no leaf, and does not hide what is behind it', () => {
  const [a, b, c] = three();
  using empty = fenceArray([]);
  expect([...unwrapFences(empty)]).toEqual([]);
  using first = fenceChain(undefined, a, 1);
  using second = fenceChain(first, empty, 2);
  expect([...unwrapFences(second)]).toEqual([a]);
  done(a, b, c);
});

test('the head is listed whatever its state; links behind it that succeeded are not, those that failed are', () => {
  const [a, b, c] = three();
  using first = fenceChain(undefined, a, 1);
  using second = fenceChain(first, b, 2);
  using third = fenceChain(second, c, 3);
  done(b, c);
  a.fail('EIO');
  expect([...unwrapFences(third)]).toEqual([c, a]);
});

test('leaving early holds nothing back', () => {
  const [a, b, c] = three();
  using first = fenceChain(undefined, a, 1);
  using second = fenceChain(first, b, 2);
  for (const leaf of unwrapFences(second)) {
    expect(leaf).toBe(b);
    break;
  }
  const [leaf] = unwrapFences(second);
  expect(leaf).toBe(b);
  expect([first.refCount, second.refCount, a.refCount, b.refCount]).toEqual([2, 1, 2, 2]);
  done(a, b, c);
});

test('stays right while the loop signals what it sees', () => {
  const own = context();
  const fences = Array.from({ length: 20 }, () => own.createFence());
  let head: DmaFence | undefined;
  for (const fence of fences) {
    const next = fenceChain(head, fence, fence.seqno);
    head?.put();
    head = next;
  }
  const seen: number[] = [];
  for (const leaf of unwrapFences(head as DmaFence)) {
    seen.push(leaf.seqno);
    (leaf as DriverFence).signal();
    if (leaf.seqno > 1) fences[leaf.seqno - 2]?.signal();
  }
  // Each step signals the next one too, which is then collected.
  expect(seen).toEqual([20, 18, 16, 14, 12, 10, 8, 6, 4, 2]);
  expect(head?.poll()).toBe(true);
  head?.put();
});

test('refuses what is no fence, and a fence that was released, when it is called', () => {
  expect(thrown(() => unwrapFences([] as never)).message).toContain(
    'unwrapFences(): what it takes must be a fence, not an array',
  );
  const gone = ownContext().createFence();
  gone.signal();
  gone.put();
  expect(thrown(() => unwrapFences(gone)).message).toContain('unwrapFences()');
});
