import { DmaFenceContext, type DmaFence, type DriverFence, type Owned } from '@dma-fence/core';
import { virtualClock } from '@dma-fence/core/testing';
import { FramePacer, GpuQueue, ReadbackRing } from '@dma-fence/webgpu';
import { describe, expect, test } from 'vitest';
import {
  badEncoder,
  ended,
  executes,
  goodEncoder,
  holdBack,
  later,
  LIMIT,
  numberBuffer,
  openDevice,
  openQueue,
  openQuietDevice,
  orders,
  rejection,
  turn,
  until,
} from '../rig.js';

/*
 * No engine promises the order in which it tells of completion, verdict, map and loss, and a busy machine puts any time between them.
 * Here each order is played.
 */

const first = (bytes: ArrayBuffer): number => new Uint32Array(bytes)[0] ?? NaN;
const codeOf = (error: unknown): string => String((error as { code?: string }).code);
const gone = (): Promise<unknown> => Promise.reject(new DOMException('instance dropped', 'OperationError'));
const aborted = (): Promise<unknown> => Promise.reject(new DOMException('device lost', 'AbortError'));

type Tell = ReturnType<typeof holdBack>;

/** A read of a submit, and what the platform has to tell of it, held back. */
function heldRead(
  device: GPUDevice,
  queue: GpuQueue,
  ring: ReadbackRing,
  encoder: GPUCommandEncoder,
): {
  fence: Owned<DmaFence<undefined>>;
  read: Promise<unknown>;
  tell: Record<'done' | 'verdict' | 'map', Tell>;
} {
  const slot = ring.tryAcquire();
  if (slot === undefined) throw new Error('no slot');
  slot.copy(encoder, numberBuffer(device, 5));
  const tell: Record<'done' | 'verdict' | 'map', Tell> = {
    done: holdBack(device.queue, 'onSubmittedWorkDone'),
    verdict: holdBack(device, 'popErrorScope'),
    map: holdBack(slot.buffer, 'mapAsync'),
  };
  const fence = queue.submit([encoder]);
  return { fence, read: slot.read(fence, first, LIMIT).catch(codeOf), tell };
}

describe('a submit and its read end the same, whatever is told first', () => {
  test.each(orders(['done', 'verdict', 'map'] as const).map((order) => [order]))(
    'a good one: %j',
    async (order) => {
      const { device, queue } = await openQueue({ nudge: 'off' });
      using ring = new ReadbackRing(queue, { byteLength: 4, stamp: executes });
      const { fence, read, tell } = heldRead(device, queue, ring, goodEncoder(device));
      for (const fact of order) {
        tell[fact]();
        await turn();
      }
      const value = await read;
      expect(fence.status).toBe('signaled');
      if (executes) expect(value).toBe(5);
      fence.put();
    },
  );

  test.each(
    orders(['done', 'verdict', 'map'] as const).flatMap((order) => [
      [order, 'resolves'],
      [order, 'rejects'],
    ]),
  )('an invalid one: %j, where the map %s', async (order, map) => {
    const { device, queue } = await openQueue({ nudge: 'off' });
    using ring = new ReadbackRing(queue, { byteLength: 4, stamp: executes });
    const { fence, read, tell } = heldRead(device, queue, ring, badEncoder(device));
    for (const fact of order) {
      tell[fact](fact === 'map' && map === 'rejects' ? gone : undefined);
      await turn();
    }
    expect(await read).toBe('EINVAL');
    expect(fence.error?.code).toBe('EINVAL');
    fence.put();
  });
});

describe('a loss is ENODEV with its GPUDeviceLostInfo, whatever is told first', () => {
  const facts = ['done', 'verdict', 'map', 'lost'] as const;
  const info = { reason: 'unknown', message: 'crashed' };

  type Row = [order: (typeof facts)[number][], what: string, done: () => unknown, verdict: () => unknown];
  test.each(
    orders(facts).flatMap((order): Row[] => [
      [order, 'rejects', gone, gone],
      [order, 'answers', () => undefined, () => null],
    ]),
  )('%j, where the platform %s', async (order, _, done, verdict) => {
    const device = await openQuietDevice();
    const { promise: lost, resolve: lose } = later<unknown>();
    Object.defineProperty(device, 'lost', { configurable: true, value: lost });
    using queue = new GpuQueue(device, { nudge: 'off' });
    using ring = new ReadbackRing(queue, { byteLength: 4, slots: 1, stamp: executes });
    using pacer = new FramePacer(queue, { depth: 1 });
    const { fence, read, tell } = heldRead(device, queue, ring, goodEncoder(device));
    // From here on the device is gone.
    Object.defineProperty(device, 'createBuffer', {
      configurable: true,
      value: () => ({ mapAsync: aborted, destroy: () => undefined }),
    });
    using next = queue.upcoming();
    pacer.track(next);
    const ends = Promise.all([read, pacer.wait(LIMIT).catch(codeOf), ring.acquire(LIMIT).catch(codeOf)]);
    const answers = { done, verdict, map: aborted };
    for (const fact of order) {
      if (fact === 'lost') lose(info);
      else tell[fact](answers[fact]);
      await turn();
    }
    const [readCode, paced, acquired] = await ends;
    expect([readCode, paced]).toEqual(['ENODEV', 'ENODEV']);
    // A slot that came free before the loss was told is a slot.
    if (typeof acquired === 'string') expect(acquired).toBe('ENODEV');
    else acquired[Symbol.dispose]();
    await ended(fence);
    // An engine that answers for work that never ran, before it says that it is lost, is believed.
    const believed =
      done !== gone && order.indexOf('lost') > Math.max(order.indexOf('done'), order.indexOf('verdict'));
    if (!believed) expect(fence.error).toBe(queue.lost);
    expect(queue.lost).toMatchObject({ code: 'ENODEV', cause: info });
    fence.put();
  });

  test.each([['completion'], ['verdict'], ['map']])(
    'a device that never says that it is lost: a rejected %s tells, a while later',
    async (fact) => {
      const device = await openQuietDevice();
      Object.defineProperty(device, 'lost', { configurable: true, value: new Promise(() => undefined) });
      using clock = virtualClock();
      using queue = new GpuQueue(device, { nudge: 'off' });
      using ring = new ReadbackRing(queue, { byteLength: 4, stamp: executes });
      const { fence, read, tell } = heldRead(device, queue, ring, goodEncoder(device));
      Object.defineProperty(device, 'createBuffer', {
        configurable: true,
        value: () => ({ mapAsync: aborted, destroy: () => undefined }),
      });
      if (fact === 'completion') tell.done(gone);
      else if (fact === 'verdict') tell.verdict(gone);
      else tell.map(aborted);
      await until(() => clock.timers > 1);
      expect(queue.lost).toBeUndefined();
      await clock.advance(5000);
      expect(queue.lost?.code).toBe('ENODEV');
      expect(queue.lost?.cause).toBeInstanceOf(DOMException);
      expect(fence.error).toBe(queue.lost);
      expect(await read).toBe('ENODEV');
      fence.put();
    },
  );
});

describe('what was rejected on a device that lives on', () => {
  test('a verdict: its submit alone fails, with EIO', async () => {
    const { device, queue } = await openQueue({ nudge: 'off' });
    const tell = holdBack(device, 'popErrorScope');
    using bad = queue.submit([goodEncoder(device)]);
    Reflect.deleteProperty(device, 'popErrorScope');
    using good = queue.submit([goodEncoder(device)]);
    tell(gone);
    expect(codeOf(await rejection(bad.wait(LIMIT)))).toBe('EIO');
    await good.wait(LIMIT);
  });

  test('completion: nothing can end well, so the queue counts as lost', async () => {
    const { device, queue } = await openQueue({ nudge: 'off' });
    const tell = holdBack(device.queue, 'onSubmittedWorkDone');
    using fence = queue.submit([goodEncoder(device)]);
    const wait = rejection(fence.wait(LIMIT));
    tell(gone);
    expect(codeOf(await wait)).toBe('ENODEV');
    expect(queue.lost?.cause).toBeInstanceOf(DOMException);
  });

  test('what says nothing at all is told as it is', async () => {
    const { device, queue } = await openQueue({ nudge: 'off' });
    const tell = holdBack(device.queue, 'onSubmittedWorkDone');
    using fence = queue.submit([goodEncoder(device)]);
    const wait = rejection(fence.wait(LIMIT));
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a platform may do it
    tell(() => Promise.reject());
    expect(codeOf(await wait)).toBe('ENODEV');
  });
});

describe('a read whose fence ends long after its map', () => {
  async function mappedRead(): Promise<{
    ring: ReadbackRing;
    buffer: GPUBuffer;
    late: DriverFence;
    read: Promise<unknown>;
  }> {
    const { device, queue } = await openQueue();
    const ring = new ReadbackRing(queue, { byteLength: 4, stamp: executes });
    const late = new DmaFenceContext({ driverName: 'test', timelineName: 'late' }).createFence();
    const slot = await ring.acquire(LIMIT);
    const { buffer } = slot;
    const encoder = goodEncoder(device);
    slot.copy(encoder, numberBuffer(device, 5));
    using fence = queue.submit([encoder]);
    const read = slot.read(late, first, LIMIT).catch(codeOf);
    await fence.wait(LIMIT);
    await until(() => buffer.mapState === 'mapped');
    return { ring, buffer, late, read };
  }

  test.each([['ring'], ['buffer']])('and whose %s is gone by then: ECANCELED', async (what) => {
    const { ring, buffer, late, read } = await mappedRead();
    if (what === 'buffer') buffer.unmap();
    else ring[Symbol.dispose]();
    late.signal();
    expect(await read).toBe('ECANCELED');
    late.put();
    ring[Symbol.dispose]();
  });
});

test('an uncaptured error is told once, whatever is told first', async () => {
  for (const order of orders(['done', 'verdict'] as const)) {
    const { device, uncaptured } = await openDevice();
    using queue = new GpuQueue(device, { nudge: 'off' });
    const tell = {
      done: holdBack(device.queue, 'onSubmittedWorkDone'),
      verdict: holdBack(device, 'popErrorScope'),
    };
    using fence = queue.submit([badEncoder(device)]);
    fence.enableSignaling();
    for (const fact of order) {
      tell[fact]();
      await turn();
    }
    await until(() => uncaptured.length > 0);
    await turn();
    expect(uncaptured).toHaveLength(1);
  }
});

test('an answer says nothing of what was submitted after it was asked for', async () => {
  const { device, queue } = await openQueue({ nudge: 'off', errors: 'off' });
  const tell = holdBack(device.queue, 'onSubmittedWorkDone');
  using earlier = queue.submit([goodEncoder(device)]);
  const waiting = earlier.wait(LIMIT);
  await turn();
  queue.submit([goodEncoder(device)]).put();
  tell();
  await waiting;
  expect(queue.value).toBe(1);
});
