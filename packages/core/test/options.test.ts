import { expect, test } from 'vitest';
import {
  DmaFenceContext,
  DmaReservation,
  fenceArray,
  FenceTimeline,
  SyncObject,
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
