import { waitAll, waitAny, type DmaFenceContext } from '@dma-fence/core';
import { expect, test } from 'vitest';
import { context, rejection, settled } from '../support.js';

/** A context whose backend counts, per seqno, how many awaited waits there are: what keeps a process alive for it. */
function counted(): { own: DmaFenceContext; waiting: Map<number, number> } {
  const own = context();
  const waiting = new Map<number, number>();
  Object.assign(own, {
    _backend: {
      waiting: ({ seqno }: { seqno: number }, change: number) => {
        waiting.set(seqno, (waiting.get(seqno) ?? 0) + change);
      },
    },
  });
  return { own, waiting };
}

test('a backend is told of a wait while it lasts, and not of plain callbacks', async () => {
  const { own, waiting } = counted();
  const fence = own.createFence();
  fence.addCallback(() => undefined);
  expect(waiting).toEqual(new Map());
  const waits = [fence.wait(), fence.wait({ timeoutMs: 1000 })];
  expect(waiting).toEqual(new Map([[1, 2]]));
  fence.signal();
  expect(waiting).toEqual(new Map([[1, 0]]));
  await Promise.all(waits);
});

test('however the wait ends, for every fence of it, the same one twice too', async () => {
  const { own, waiting } = counted();
  const [a, b] = [own.createFence(), own.createFence()];
  const stop = new AbortController();
  const waits = [
    waitAny([a, b, a]),
    rejection(waitAll([a, b], { signal: stop.signal })),
    rejection(waitAll([b, b, a])),
    rejection(b.wait({ timeoutMs: 0 })),
  ];
  await settled();
  expect(waiting).toEqual(
    new Map([
      [1, 4],
      [2, 4],
    ]),
  );
  stop.abort('stop');
  expect(waiting.get(1)).toBe(3);
  a.fail('EIO');
  await Promise.all(waits);
  expect([...waiting.values()]).toEqual([0, 0]);
  b.signal();
  expect([...waiting.values()]).toEqual([0, 0]);
});
