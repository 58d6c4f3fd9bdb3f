import { fenceArray, fenceChain, type DmaFenceContext, type DmaFence } from '@dma-fence/core';
import { expect, test } from 'vitest';
import { context, rejection } from '../support.js';

/** A context whose backend counts the awaited waits of each fence. */
function backed(): { own: DmaFenceContext; waiting: Record<number, number> } {
  const own = context({ ops: { enableSignaling: () => true } });
  const waiting: Record<number, number> = {};
  Object.assign(own, {
    _backend: {
      waiting: ({ seqno }: DmaFence, change: number) => {
        waiting[seqno] = (waiting[seqno] ?? 0) + change;
      },
    },
  });
  return { own, waiting };
}

test('a wait for an array is told to the backends of its members, while each is pending and the wait lasts', async () => {
  const { own, waiting } = backed();
  const [a, b, plain] = [own.createFence(), own.createFence(), context().createFence()];
  using array = fenceArray([a, plain, b, a]);
  array.addCallback(() => undefined);
  expect(waiting).toEqual({});
  const stop = new AbortController();
  const waits = [rejection(array.wait({ signal: stop.signal })), array.wait()];
  expect(waiting).toEqual({ 1: 1, 2: 1 });
  a.signal();
  expect(waiting).toEqual({ 1: 0, 2: 1 });
  stop.abort('stop');
  expect(waiting).toEqual({ 1: 0, 2: 1 });
  b.signal();
  expect(waiting).toEqual({ 1: 0, 2: 0 });
  plain.signal();
  await Promise.all(waits);
});

test('a wait that is given up lets the backends go, and leaves nothing on the members', async () => {
  const { own, waiting } = backed();
  const fence = own.createFence();
  using array = fenceArray([fence], { mode: 'any' });
  const stop = new AbortController();
  const waited = rejection(array.wait({ signal: stop.signal }));
  expect(waiting).toEqual({ 1: 1 });
  stop.abort('stop');
  await waited;
  expect(waiting).toEqual({ 1: 0 });
  const again = array.wait();
  expect(waiting).toEqual({ 1: 1 });
  fence.signal();
  await again;
  expect(waiting).toEqual({ 1: 0 });
});

test('a wait for a chain is told to the backends of everything in it, arrays inside too', async () => {
  const { own, waiting } = backed();
  const fences = [own.createFence(), own.createFence(), own.createFence(), own.createFence()] as const;
  using array = fenceArray([fences[1], fences[2]]);
  using first = fenceChain(fences[0], array, 1);
  using second = fenceChain(first, fences[3], 2);
  const waited = second.wait();
  expect(waiting).toEqual({ 1: 1, 2: 1, 3: 1, 4: 1 });
  fences[1].signal();
  fences[0].signal();
  expect(waiting).toEqual({ 1: 0, 2: 0, 3: 1, 4: 1 });
  fences[3].signal();
  fences[2].signal();
  await waited;
  expect(waiting).toEqual({ 1: 0, 2: 0, 3: 0, 4: 0 });
});

test('a container over plain fences has no backend', () => {
  const fence = context().createFence();
  using array = fenceArray([fence]);
  using chain = fenceChain(undefined, fence, 1);
  expect([array.context, chain.context].map((own) => (own as { _backend?: unknown })._backend)).toEqual([
    undefined,
    undefined,
  ]);
  fence.signal();
});

test('a chain enables its backed fences when it is armed; one may end the wait before any backend hears of it', async () => {
  const { waiting, own } = backed();
  const first = own.createFence();
  const other = context({
    ops: {
      enableSignaling: (fence) => {
        first.signal();
        fence.signal();
        return true;
      },
    },
  });
  const heard: number[] = [];
  Object.assign(other, { _backend: { waiting: (_fence: DmaFence, change: number) => heard.push(change) } });
  using link = fenceChain(undefined, other.createFence(), 1);
  using head = fenceChain(link, first, 2);
  await head.wait();
  expect([waiting, heard]).toEqual([{}, []]);
});

test('letting a backend go may signal another member: each is told once', async () => {
  const { own, waiting } = backed();
  const [a, b] = [own.createFence(), own.createFence()];
  const { _backend: counting } = own as unknown as {
    _backend: { waiting: (fence: DmaFence, change: number) => void };
  };
  Object.assign(own, {
    _backend: {
      waiting: (fence: DmaFence, change: number) => {
        counting.waiting(fence, change);
        if (change < 0 && fence.seqno === 1) b.signal();
      },
    },
  });
  using array = fenceArray([a, b]);
  const stop = new AbortController();
  const waited = rejection(array.wait({ signal: stop.signal }));
  stop.abort('stop');
  expect(await waited).toBe('stop');
  expect([waiting, b.signaled]).toEqual([{ 1: 0, 2: 0 }, true]);
  a.signal();
});

test('a second wait tells no backend again, and the last one to end lets all go', async () => {
  const { own, waiting } = backed();
  const fence = own.createFence();
  using array = fenceArray([fence]);
  const stops = [new AbortController(), new AbortController()];
  const waits = stops.map(({ signal }) => rejection(array.wait({ signal })));
  const seen = [waiting[1]];
  for (const [index, stop] of stops.entries()) {
    stop.abort();
    await waits[index];
    seen.push(waiting[1]);
  }
  expect(seen).toEqual([1, 1, 0]);
  fence.signal();
});
