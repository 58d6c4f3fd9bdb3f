import {
  addFenceTracer,
  DmaReservation,
  fenceArray,
  fenceChain,
  FenceError,
  FenceUsage,
  SyncObject,
} from '@dma-fence/core';
import { SharedTimeline } from '@dma-fence/core/shared';
import { expect, test } from 'vitest';
import { context, forTest, timeline } from '../support.js';

test('a fence prints its name, status and references, and nothing else', () => {
  const fence = context().createFence({ secret: 1 });
  expect(JSON.parse(JSON.stringify({ fence }))).toEqual({
    fence: { name: fence.name, status: 'pending', refCount: 1 },
  });
  fence.signal();
  expect(fence.toJSON()).toEqual({ name: fence.name, status: 'signaled', refCount: 1 });
});

test('and its error once it has failed, in text too', () => {
  const fence = context().createFence();
  const error = new FenceError('ENODATA', 'the frame was empty', { cause: fence });
  fence.fail(error);
  expect(fence.toJSON()).toEqual({ name: fence.name, status: 'failed', error, refCount: 1 });
  expect(JSON.parse(JSON.stringify(fence))).toEqual({
    name: fence.name,
    status: 'failed',
    error: { name: 'FenceError', code: 'ENODATA', message: 'the frame was empty' },
    refCount: 1,
  });
});

test('printing changes nothing, whoever looks on', () => {
  const polled: number[] = [];
  const own = context({ ops: { isSignaled: ({ seqno }) => polled.push(seqno) > 0 } });
  const fence = own.createFence();
  const told: string[] = [];
  forTest(
    addFenceTracer({
      signaled: () => void told.push('signaled'),
      enableSignal: () => void told.push('enabled'),
    }),
  );
  JSON.stringify([fence, own]);
  expect([polled, told, fence.status]).toEqual([[], [], 'pending']);
});

test('contexts and timelines print what they count', () => {
  const own = context();
  own.createFence();
  expect(JSON.parse(JSON.stringify(own))).toEqual({
    name: `gpu:ring0:${String(own.id)}`,
    lastSeqno: 1,
    pending: 1,
  });
  const ring = timeline();
  ring.createFence();
  ring.createFence();
  ring.advanceTo(1);
  expect(ring.toJSON()).toEqual({
    name: `gpu:ring0:${String(ring.context.id)}`,
    value: 1,
    lastSeqno: 2,
    pending: 1,
  });
});

test('containers print what is inside, an array in a chain with its members, and no cycle', () => {
  const polled: number[] = [];
  const own = context({ ops: { isSignaled: ({ seqno }) => polled.push(seqno) > 0 } });
  const [one, two, three] = [own.createFence(), own.createFence(), own.createFence()];
  using both = fenceArray([one, two]);
  expect(both.toJSON().members).toEqual([one.toJSON(), two.toJSON()]);
  using first = fenceChain(three, both, 1);
  using second = fenceChain(first, one, 2);
  expect(JSON.parse(JSON.stringify(second))).toEqual({
    name: second.name,
    status: 'pending',
    refCount: 1,
    members: [one.toJSON(), JSON.parse(JSON.stringify(both)), three.toJSON()],
  });
  expect(polled).toEqual([]);
});

test('a chain of thousands prints without recursion', () => {
  const own = context();
  let head = fenceChain(undefined, own.createFence(), 1);
  for (let point = 2; point <= 5000; point++) {
    const next = fenceChain(head, own.createFence(), point);
    head.put();
    head = next;
  }
  expect(head.toJSON().members).toHaveLength(5000);
  head.put();
});

test('reservations, sync objects and shared timelines print what they hold', async () => {
  const own = context();
  const fence = own.createFence();
  using buffer = new DmaReservation({ name: 'frame' });
  using lock = await buffer.lock();
  lock.add(fence, FenceUsage.WRITE);
  lock.unlock();
  expect(JSON.parse(JSON.stringify(buffer))).toEqual({
    name: 'frame',
    fences: [{ ...fence.toJSON(), usage: 'WRITE' }],
  });
  using slot = new SyncObject();
  expect(slot.toJSON()).toEqual({});
  slot.replace(fence);
  expect(slot.toJSON()).toEqual({ fence: fence.toJSON() });
  using shared = SharedTimeline.create({ driverName: 'codec', timelineName: 'decode' });
  shared.reserve();
  expect(JSON.parse(JSON.stringify(shared))).toMatchObject({ value: 0, reserved: 1, pending: 0 });
});
