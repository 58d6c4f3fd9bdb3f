import { expect, test } from 'vitest';
import {
  DmaFenceContext,
  DmaReservation,
  fenceArray,
  FenceTimeline,
  lockReservations,
  SyncObject,
  waitAll,
  waitAny,
  waitSyncObjects,
} from '../src/index.js';

const names = { driverName: 'gpu', timelineName: 'ring0' };

// With `exactOptionalPropertyTypes`, which users may have on, this file compiles only where the types allow it.
test('an option that is undefined is as good as left out', async () => {
  const ring = new DmaFenceContext({
    ...names,
    ops: undefined,
    initialSeqno: undefined,
    timestamps: undefined,
  });
  const fence = ring.createFence();
  expect(fence.seqno).toBe(1);
  fence.signal();
  expect(fence.timestamp).toBeUndefined();

  expect(new FenceTimeline({ ...names, initialValue: undefined }).value).toBe(0);
  expect(new DmaReservation({ name: undefined }).name).not.toContain('undefined');
  const both = fenceArray([fence, fence], { mode: undefined });
  expect(both.poll()).toBe(true);

  const done = new SyncObject({ signaled: undefined });
  expect(done.fence()).toBeUndefined();
  done.replace(fence);
  await done.wait({ point: undefined, available: undefined, waitForSubmit: undefined, timeoutMs: undefined });
  await waitSyncObjects([{ syncObject: done, point: undefined }], { all: undefined });
  expect(done.query({ submitted: undefined })).toBe(0);

  done[Symbol.dispose]();
  both.put();
  fence.put();
});

test('an option that does not exist is refused, and the message lists those that do', async () => {
  const ring = new DmaFenceContext(names);
  using fence = ring.createFence();
  const strangers: [() => unknown, string][] = [
    [
      () => fence.wait({ timeout: 5 } as object),
      'wait(): "timeout" is no option; there are timeoutMs, signal',
    ],
    [() => fence.wait(new AbortController().signal as object), 'is no option; there are timeoutMs, signal'],
    [() => waitAll([fence], { timeout: 5 } as object), 'waitAll(): "timeout"'],
    [() => waitAny([fence], { ms: 5 } as object), 'waitAny(): "ms"'],
    [() => fenceArray([fence], { any: true } as object), 'fenceArray(): "any" is no option; there are mode'],
    [
      () => new DmaReservation({ named: 'x' } as object),
      'DmaReservation: "named" is no option; there are name',
    ],
    [
      () => new SyncObject({ signalled: true } as object),
      'SyncObject: "signalled" is no option; there are signaled',
    ],
    [() => new SyncObject().query({ submit: true } as object), 'there are submitted'],
    [() => new SyncObject().wait({ value: 1 } as object), 'SyncObject: wait(): "value" is no option'],
    [() => waitSyncObjects([], { every: true } as object), 'waitSyncObjects(): "every" is no option'],
    [() => lockReservations([], { timeout: 1 } as object), 'lockReservations(): "timeout"'],
  ];
  for (const [call, text] of strangers) {
    const refused = (): Promise<unknown> => Promise.resolve().then(call);
    await expect(refused()).rejects.toMatchObject({
      code: 'EINVAL',
      message: expect.stringContaining(text) as string,
    });
  }
  fence.signal();
});
