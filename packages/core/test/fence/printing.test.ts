import { addFenceTracer, FenceError } from '@dma-fence/core';
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
