import { DmaFenceContext } from '@dma-fence/core';
import { FramePacer, GpuQueue } from '@dma-fence/webgpu';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  badEncoder,
  executes,
  goodEncoder,
  LIMIT,
  openDevice,
  openQueue,
  rejection,
  spinner,
  spyOn,
  turn,
  until,
} from '../rig.js';

const EINVAL = expect.objectContaining({ code: 'EINVAL' }) as Error;

/** Frames that end when the test says so. */
function frames(count: number): { frames: ReturnType<DmaFenceContext['createFence']>[] } {
  const context = new DmaFenceContext({ driverName: 'test', timelineName: 'frames' });
  const list = Array.from({ length: count }, () => context.createFence());
  onTestFinished(() => {
    for (const fence of list) {
      fence.signal();
      fence.put();
    }
  });
  return { frames: list };
}

describe('at most depth frames are on the GPU', () => {
  test('not ready while so many are pending, and it counts what was skipped', async () => {
    const { queue } = await openQueue();
    using pacer = new FramePacer(queue);
    const [first, second] = frames(2).frames;
    expect(pacer.ready).toBe(true);
    pacer.track(first);
    expect(pacer.ready).toBe(true);
    pacer.track(second);
    expect([pacer.ready, pacer.ready, pacer.inFlight, pacer.skipped]).toEqual([false, false, 2, 2]);
    second?.signal();
    expect([pacer.ready, pacer.inFlight, pacer.skipped]).toEqual([true, 1, 2]);
  });

  test('a failed frame is over', async () => {
    const { queue } = await openQueue();
    using pacer = new FramePacer(queue, { depth: 1 });
    const [first] = frames(1).frames;
    pacer.track(first);
    const wait = pacer.wait(LIMIT);
    first?.fail('EIO');
    await wait;
    expect(pacer.inFlight).toBe(0);
  });

  test('a frame that has ended already is none', async () => {
    const { queue } = await openQueue();
    using pacer = new FramePacer(queue, { depth: 1 });
    const [first] = frames(1).frames;
    first?.signal();
    pacer.track(first);
    expect(pacer.ready).toBe(true);
  });

  test('wait() lets the next frame begin when the oldest ends, also after more than depth were tracked', async () => {
    const { queue } = await openQueue();
    using pacer = new FramePacer(queue, { depth: 2 });
    const list = frames(4).frames;
    for (const frame of list) pacer.track(frame);
    const log: string[] = [];
    const wait = pacer.wait(LIMIT).then(() => log.push('began'));
    list[0]?.signal();
    list[1]?.signal();
    await turn();
    expect(log).toEqual([]);
    list[2]?.signal();
    await wait;
    expect(pacer.inFlight).toBe(1);
  });

  test('frames may end in another order', async () => {
    const { queue } = await openQueue();
    using pacer = new FramePacer(queue, { depth: 1 });
    const list = frames(3).frames;
    for (const frame of list) pacer.track(frame);
    const wait = pacer.wait(LIMIT);
    for (const frame of list.toReversed()) frame.signal();
    await wait;
  });

  test('by default a frame is all that was submitted, by whomever', async () => {
    const { device, queue } = await openQueue();
    using pacer = new FramePacer(queue, { depth: 1 });
    device.queue.submit([goodEncoder(device).finish()]);
    pacer.track();
    expect(pacer.inFlight).toBe(1);
    await pacer.wait(LIMIT);
    expect(pacer.inFlight).toBe(0);
  });

  test.each([1, 2, 3, 5])('with real work, depth %i: never more, and all frames are made', async (depth) => {
    const { device, queue } = await openQueue();
    const work = executes ? spinner(device, 2_000_000) : () => goodEncoder(device);
    using pacer = new FramePacer(queue, { depth });
    let most = 0;
    for (let frame = 0; frame < 12; frame++) {
      await pacer.wait(LIMIT);
      using fence = queue.submit([work()]);
      pacer.track(fence);
      most = Math.max(most, pacer.inFlight, queue.submitted - queue.value);
    }
    expect(most).toBeLessThanOrEqual(depth);
    using last = queue.mark();
    await last.wait(LIMIT);
    expect(pacer.inFlight).toBe(0);
  });

  test('a frame is tracked without hearing its error', async () => {
    const { device, uncaptured } = await openDevice();
    using queue = new GpuQueue(device);
    using pacer = new FramePacer(queue);
    using fence = queue.submit([badEncoder(device)]);
    pacer.track(fence);
    await until(() => uncaptured.length > 0);
    expect(uncaptured).toHaveLength(1);
    expect(pacer.inFlight).toBe(0);
  });
});

describe('what it costs', () => {
  test('one completion a frame, and no wait for frames that have ended', async () => {
    const { device, queue } = await openQueue({ nudge: 'off' });
    const polls = spyOn(device.queue, 'onSubmittedWorkDone');
    using pacer = new FramePacer(queue);
    for (let frame = 1; frame <= 5; frame++) {
      await pacer.wait();
      using first = queue.submit([goodEncoder(device)]);
      first.enableSignaling();
      queue.submit([goodEncoder(device)]).put();
      pacer.track();
      await until(() => pacer.inFlight === 0);
      expect(polls()).toBe(frame);
    }
  });

  test('nothing accumulates while nobody asks', async () => {
    const { queue } = await openQueue();
    const context = new DmaFenceContext({ driverName: 'test', timelineName: 'frames' });
    const pacer = new FramePacer(queue);
    const fence = context.createFence();
    for (let frame = 0; frame < 100; frame++) {
      using ended = context.createFence();
      ended.signal();
      pacer.track(ended);
    }
    pacer.track(fence);
    expect(fence.refCount).toBe(2);
    pacer[Symbol.dispose]();
    expect(fence.refCount).toBe(1);
    fence.signal();
    fence.put();
  });
});

describe('the end', () => {
  test('wait() rejects with ETIME, and with the reason of an abort; the frame stays tracked', async () => {
    const { queue } = await openQueue();
    using pacer = new FramePacer(queue, { depth: 1 });
    const [frame] = frames(1).frames;
    pacer.track(frame);
    expect(await rejection(pacer.wait({ timeoutMs: 1 }))).toMatchObject({ code: 'ETIME' });
    const reason = new Error('left');
    expect(await rejection(pacer.wait({ signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(pacer.inFlight).toBe(1);
  });

  test('a lost device rejects, now and later', async () => {
    const { device, queue } = await openQueue();
    using pacer = new FramePacer(queue, { depth: 1 });
    pacer.track(frames(1).frames[0]);
    using fence = queue.submit([goodEncoder(device)]);
    using other = new FramePacer(queue, { depth: 1 });
    using upcoming = queue.upcoming();
    other.track(upcoming);
    const wait = rejection(other.wait(LIMIT));
    device.destroy();
    expect(await wait).toMatchObject({ code: 'ENODEV' });
    expect(await rejection(other.wait(LIMIT))).toMatchObject({ code: 'ENODEV' });
    await fence.wait(LIMIT).catch(() => undefined);
  });

  test('a queue that was disposed of rejects: a loop ends', async () => {
    const { queue } = await openQueue();
    using pacer = new FramePacer(queue);
    queue[Symbol.dispose]();
    expect(await rejection(pacer.wait())).toMatchObject({ code: 'ECANCELED' });
  });

  test('disposed of, it lets go; a wait rejects with ECANCELED, a later one with EINVAL', async () => {
    const { queue } = await openQueue();
    const pacer = new FramePacer(queue, { depth: 1 });
    const [frame] = frames(1).frames;
    pacer.track(frame);
    const wait = rejection(pacer.wait(LIMIT));
    pacer[Symbol.dispose]();
    pacer[Symbol.dispose]();
    frame?.signal();
    expect(await wait).toMatchObject({ code: 'ECANCELED' });
    expect(await rejection(pacer.wait())).toMatchObject({ code: 'EINVAL' });
    expect(() => {
      pacer.track();
    }).toThrow(EINVAL);
  });

  test('a reference that somebody put too many stops no other frame', async () => {
    const { queue } = await openQueue();
    using pacer = new FramePacer(queue, { depth: 1 });
    const context = new DmaFenceContext({ driverName: 'test', timelineName: 'frames' });
    const fence = context.createFence();
    pacer.track(fence);
    fence.signal();
    fence.put();
    fence.put();
    expect(pacer.ready).toBe(true);
    await pacer.wait();
  });
});

test('wrong arguments: EINVAL', async () => {
  const { queue } = await openQueue();
  for (const args of [
    [undefined],
    [{}],
    [queue, null],
    [queue, { depht: 2 }],
    [queue, { depth: 0 }],
    [queue, { depth: 1.5 }],
  ]) {
    expect(() => new FramePacer(...(args as [GpuQueue]))).toThrow(EINVAL);
  }
  using pacer = new FramePacer(queue);
  expect(() => {
    pacer.track({} as never);
  }).toThrow(EINVAL);
});
