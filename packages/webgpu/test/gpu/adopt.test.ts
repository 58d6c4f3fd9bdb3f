import { FenceError } from '@dma-fence/core';
import { GpuQueue } from '@dma-fence/webgpu';
import { dropSubmit, failSubmit } from '@dma-fence/webgpu/testing';
import { expect, test } from 'vitest';
import { badEncoder, ended, goodEncoder, LIMIT, openDevice, openQueue, rejection, until } from '../rig.js';

test('every submit of the device is one of ours, whoever calls it', async () => {
  const { device, queue } = await openQueue();
  using upcoming = queue.upcoming();
  {
    using _adoption = queue.adopt();
    expect(device.queue.submit([goodEncoder(device).finish()])).toBeUndefined();
    device.queue.submit(new Set([goodEncoder(device).finish()]));
  }
  device.queue.submit([]);
  expect(queue.submitted).toBe(2);
  await upcoming.wait(LIMIT);
});

test('its errors still reach the handler of the engine, once', async () => {
  const { device, uncaptured } = await openDevice();
  using queue = new GpuQueue(device);
  using _adoption = queue.adopt();
  device.queue.submit([badEncoder(device, 'of an engine').finish()]);
  await until(() => uncaptured.length > 0);
  expect(uncaptured.map(({ message }) => message)).toEqual([expect.stringContaining('of an engine')]);
});

test('its errors are those of the right submit', async () => {
  const { device, queue } = await openQueue();
  using _adoption = queue.adopt();
  const statuses: string[] = [];
  const fences = [];
  for (let frame = 1; frame <= 6; frame++) {
    const fence = queue.upcoming();
    fences.push(fence);
    fence.addCallback(({ status }) => statuses.push(status));
    device.queue.submit([frame === 4 ? badEncoder(device).finish() : goodEncoder(device).finish()]);
  }
  using last = queue.mark();
  await last.wait(LIMIT);
  await until(() => statuses.length === 6);
  expect(statuses.map((status) => status === 'failed')).toEqual([false, false, false, true, false, false]);
  for (const fence of fences) fence.put();
});

test('what it refuses, it refuses as before: a TypeError, and nothing is left open', async () => {
  const { device, queue } = await openQueue();
  using _adoption = queue.adopt();
  expect(() => {
    device.queue.submit([device.createCommandEncoder() as never]);
  }).toThrow(TypeError);
  expect(queue.submitted).toBe(0);
  await expect(device.popErrorScope()).rejects.toThrow();
});

test('one adopts: a second one is EBUSY, of this queue or another, until it is given back', async () => {
  const { device, queue } = await openQueue();
  using other = new GpuQueue(device);
  const adoption = queue.adopt();
  for (const each of [queue, other]) {
    expect(() => each.adopt()).toThrow(expect.objectContaining({ code: 'EBUSY' }));
  }
  adoption[Symbol.dispose]();
  adoption[Symbol.dispose]();
  expect(Object.getOwnPropertyNames(device.queue)).toEqual([]);
  using _second = other.adopt();
  device.queue.submit([]);
  expect([queue.submitted, other.submitted]).toEqual([0, 1]);
});

test('another queue beside it keeps its own errors', async () => {
  const { device, queue } = await openQueue();
  using other = new GpuQueue(device);
  using _adoption = queue.adopt();
  using bad = other.submit([badEncoder(device)]);
  expect(await rejection(bad.wait(LIMIT))).toBeInstanceOf(FenceError);
  expect(queue.submitted).toBe(0);
});

test('who wrapped submit before and after keeps working', async () => {
  const { device, queue } = await openQueue();
  const log: string[] = [];
  const wrap = (name: string): void => {
    const before = device.queue.submit.bind(device.queue);
    device.queue.submit = (buffers) => {
      log.push(name);
      before(buffers);
    };
  };
  wrap('inner');
  const adoption = queue.adopt();
  wrap('outer');
  device.queue.submit([]);
  adoption[Symbol.dispose]();
  device.queue.submit([]);
  expect(log).toEqual(['outer', 'inner', 'outer', 'inner']);
  expect(queue.submitted).toBe(1);
  using _again = queue.adopt();
  device.queue.submit([]);
  expect(queue.submitted).toBe(2);
});

test('disposing of the queue, and losing the device, give it back', async () => {
  const { device, queue } = await openQueue();
  queue.adopt();
  queue[Symbol.dispose]();
  expect(Object.getOwnPropertyNames(device.queue)).toEqual([]);
  using other = new GpuQueue(device);
  other.adopt();
  device.destroy();
  using fence = other.upcoming();
  await ended(fence);
  expect(Object.getOwnPropertyNames(device.queue)).toEqual([]);
});

test('faults reach adopted submits too', async () => {
  const { device, queue } = await openQueue();
  const adoption = queue.adopt();
  failSubmit(queue);
  using first = queue.upcoming();
  device.queue.submit([goodEncoder(device).finish()]);
  expect(await rejection(first.wait(LIMIT))).toMatchObject({ code: 'EINVAL' });
  dropSubmit(device);
  using second = queue.submit([goodEncoder(device)]);
  await second.wait(LIMIT);
  failSubmit(device);
  adoption[Symbol.dispose]();
  using third = queue.submit([goodEncoder(device)]);
  await third.wait(LIMIT);
});
