import { GpuQueue, ReadbackRing, type ReadbackRingOptions } from '@dma-fence/webgpu';
import { abortMaps, dropSubmit, failSubmit } from '@dma-fence/webgpu/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  badEncoder,
  brokenEncoder,
  executes,
  goodEncoder,
  LIMIT,
  numberBuffer,
  openDevice,
  openQueue,
  openQuietDevice,
  rejection,
  spyOn,
  turn,
} from '../rig.js';

const EINVAL = expect.objectContaining({ code: 'EINVAL' }) as Error;
const first = (bytes: ArrayBuffer): number => new Uint32Array(bytes)[0] ?? NaN;

/** Without a GPU nothing is copied: there, no stamp can be asked for. */
async function openRing(
  options?: Partial<ReadbackRingOptions>,
): Promise<{ device: GPUDevice; queue: GpuQueue; ring: ReadbackRing }> {
  const { device, queue } = await openQueue();
  const ring = new ReadbackRing(queue, { byteLength: 4, stamp: executes, ...options });
  onTestFinished(() => {
    ring[Symbol.dispose]();
  });
  return { device, queue, ring };
}

describe('a slot gives the bytes of its own submit', () => {
  test.runIf(executes)('as they were then', async () => {
    const { device, queue, ring } = await openRing();
    const source = numberBuffer(device, 1);
    const reads: Promise<number>[] = [];
    for (let value = 1; value <= 6; value++) {
      device.queue.writeBuffer(source, 0, new Uint32Array([value]));
      const slot = await ring.acquire(LIMIT);
      const encoder = goodEncoder(device);
      slot.copy(encoder, source);
      using fence = queue.submit([encoder]);
      reads.push(slot.read(fence, first, LIMIT));
    }
    expect(await Promise.all(reads)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(ring.available).toBe(3);
  });

  test('as many as were copied', async () => {
    const { device, queue, ring } = await openRing({ byteLength: 64 });
    const source = device.createBuffer({ size: 128, usage: 4 });
    const lengths: number[] = [];
    for (const args of [[0, 16], [120], []] as [number?, number?][]) {
      const slot = await ring.acquire(LIMIT);
      const encoder = goodEncoder(device);
      slot.copy(encoder, source, ...args);
      using fence = queue.submit([encoder]);
      lengths.push(await slot.read(fence, ({ byteLength }) => byteLength, LIMIT));
    }
    expect(lengths).toEqual([16, 8, 64]);
  });

  test.runIf(executes)('by a copy of one’s own, that is sealed', async () => {
    const { device, queue, ring } = await openRing({ byteLength: 256 });
    const texture = device.createTexture({ size: [1, 1], format: 'r32uint', usage: 1 | 2 });
    device.queue.writeTexture({ texture }, new Uint32Array([77]), {}, [1, 1]);
    const slot = await ring.acquire(LIMIT);
    const encoder = goodEncoder(device);
    encoder.copyTextureToBuffer({ texture }, { buffer: slot.buffer, bytesPerRow: 256 }, [1, 1]);
    slot.seal(encoder);
    using fence = queue.submit([encoder]);
    expect(await slot.read(fence, first, LIMIT)).toBe(77);
  });

  test.runIf(executes)('after work that others submitted, by a mark', async () => {
    const { device, queue, ring } = await openRing();
    const slot = await ring.acquire(LIMIT);
    const encoder = goodEncoder(device);
    slot.copy(encoder, numberBuffer(device, 5));
    device.queue.submit([encoder.finish()]);
    using mark = queue.mark();
    expect(await slot.read(mark, first, LIMIT)).toBe(5);
  });

  test('until use returns: the bytes are gone afterwards', async () => {
    const { device, queue, ring } = await openRing();
    const slot = await ring.acquire(LIMIT);
    const encoder = goodEncoder(device);
    slot.copy(encoder, numberBuffer(device, 5));
    using fence = queue.submit([encoder]);
    const kept = await slot.read(fence, (bytes) => bytes, LIMIT);
    expect(kept.byteLength).toBe(0);
  });
});

describe('or none', () => {
  test('of an invalid submit it rejects with the error of the fence', async () => {
    const { device, queue, ring } = await openRing();
    const slot = await ring.acquire(LIMIT);
    const encoder = brokenEncoder(device);
    slot.copy(encoder, numberBuffer(device, 5));
    using fence = queue.submit([encoder]);
    const error = await rejection(slot.read(fence, first, LIMIT));
    expect(error).toMatchObject({ code: 'EINVAL' });
    expect(error).toBe(fence.error);
    expect(ring.available).toBe(3);
  });

  test('one invalid command buffer drops the whole submit, also the copy that was fine', async () => {
    const { device, queue, ring } = await openRing();
    const slot = await ring.acquire(LIMIT);
    const encoder = goodEncoder(device);
    slot.copy(encoder, numberBuffer(device, 5));
    using fence = queue.submit([encoder, badEncoder(device, 'the other one')]);
    const error = (await rejection(slot.read(fence, first, LIMIT))) as Error;
    expect(error.message).toContain('the other one');
  });

  test.runIf(executes)('the stale read-back: with errors off, the stamp tells', async () => {
    const { device, uncaptured } = await openDevice();
    using queue = new GpuQueue(device, { errors: 'off' });
    using ring = new ReadbackRing(queue, { byteLength: 4, slots: 1 });
    const source = numberBuffer(device, 1);
    const readBack = async (): Promise<number> => {
      const slot = await ring.acquire(LIMIT);
      const encoder = goodEncoder(device);
      slot.copy(encoder, source);
      using fence = queue.submit([encoder]);
      return await slot.read(fence, first, LIMIT);
    };
    expect(await readBack()).toBe(1);
    failSubmit(device);
    expect(await rejection(readBack())).toMatchObject({ code: 'ENODATA' });
    expect(await readBack()).toBe(1);
    expect(uncaptured).toHaveLength(1);
  });

  test.runIf(executes)('work that a driver drops in silence', async () => {
    const { device, queue, ring } = await openRing();
    for (const dropped of [false, true, true, false]) {
      const slot = await ring.acquire(LIMIT);
      const encoder = goodEncoder(device);
      slot.copy(encoder, numberBuffer(device, 5));
      if (dropped) dropSubmit(queue);
      using fence = queue.submit([encoder]);
      const read = slot.read(fence, first, LIMIT);
      if (dropped) expect(await rejection(read)).toMatchObject({ code: 'ENODATA' });
      else expect(await read).toBe(5);
    }
  });

  test.runIf(executes)('a copy that was never submitted', async () => {
    const { device, queue, ring } = await openRing({ slots: 1 });
    const slot = await ring.acquire(LIMIT);
    slot.copy(goodEncoder(device), numberBuffer(device, 5));
    using fence = queue.submit([goodEncoder(device)]);
    expect(await rejection(slot.read(fence, first, LIMIT))).toMatchObject({ code: 'ENODATA' });
  });

  test.runIf(executes)('the copy of an earlier use, submitted late', async () => {
    const { device, queue, ring } = await openRing({ slots: 1 });
    const earlier = goodEncoder(device);
    const given = await ring.acquire(LIMIT);
    given.copy(earlier, numberBuffer(device, 5));
    given[Symbol.dispose]();
    const slot = await ring.acquire(LIMIT);
    slot.copy(goodEncoder(device), numberBuffer(device, 6));
    using fence = queue.submit([earlier]);
    expect(await rejection(slot.read(fence, first, LIMIT))).toMatchObject({ code: 'ENODATA' });
  });

  test.runIf(executes)('however many uses of a slot did not run in a row', async () => {
    const { device } = { device: await openQuietDevice() };
    using queue = new GpuQueue(device, { errors: 'off' });
    using ring = new ReadbackRing(queue, { byteLength: 4, slots: 1 });
    const source = numberBuffer(device, 1);
    const use = async (runs: boolean): Promise<unknown> => {
      const slot = await ring.acquire(LIMIT);
      const encoder = goodEncoder(device);
      slot.copy(encoder, source);
      using fence = queue.submit(runs ? [encoder] : []);
      return await slot.read(fence, first, LIMIT).catch((error: unknown) => (error as { code: string }).code);
    };
    expect(await use(true)).toBe(1);
    for (let count = 0; count < 600; count++) expect(await use(false)).toBe('ENODATA');
    expect(await use(true)).toBe(1);
    for (let count = 0; count < 300; count++) {
      const slot = await ring.acquire(LIMIT);
      slot.copy(goodEncoder(device), source);
      slot[Symbol.dispose]();
    }
    expect(await use(false)).toBe('ENODATA');
    expect(await use(true)).toBe(1);
  });

  test.runIf(!executes)('where nothing is executed at all, the stamp says so', async () => {
    const { device, queue, ring } = await openRing({ stamp: true });
    const slot = await ring.acquire(LIMIT);
    const encoder = goodEncoder(device);
    slot.copy(encoder, numberBuffer(device, 5));
    using fence = queue.submit([encoder]);
    expect(await rejection(slot.read(fence, first, LIMIT))).toMatchObject({ code: 'ENODATA' });
  });

  test('a map that somebody else aborts: ECANCELED', async () => {
    const { device, queue, ring } = await openRing();
    const slot = await ring.acquire(LIMIT);
    const encoder = goodEncoder(device);
    slot.copy(encoder, numberBuffer(device, 5));
    using fence = queue.submit([encoder]);
    const read = rejection(slot.read(fence, first, LIMIT));
    expect(abortMaps(ring)).toBe(1);
    expect(await read).toMatchObject({ code: 'ECANCELED' });
    expect(ring.available).toBe(3);
  });
});

describe('read()', () => {
  test('before the submit is refused, and the submit is saved', async () => {
    const { device, queue, ring } = await openRing();
    const slot = await ring.acquire(LIMIT);
    const encoder = goodEncoder(device);
    slot.copy(encoder, numberBuffer(device, 5));
    using upcoming = queue.upcoming();
    expect(await rejection(slot.read(upcoming, first, LIMIT))).toMatchObject({ code: 'EINVAL' });
    using fence = queue.submit([encoder]);
    const value = await slot.read(fence, first, LIMIT);
    if (executes) expect(value).toBe(5);
  });

  test('with the fence of an earlier submit is refused', async () => {
    const { device, queue, ring } = await openRing();
    using earlier = queue.submit([goodEncoder(device)]);
    const slot = await ring.acquire(LIMIT);
    slot.copy(goodEncoder(device), numberBuffer(device, 5));
    expect(await rejection(slot.read(earlier, first, LIMIT))).toMatchObject({ code: 'EINVAL' });
    expect(ring.available).toBe(2);
    slot[Symbol.dispose]();
    await earlier.wait(LIMIT);
  });

  test('with the fence of another device is refused; of another queue of this device it is fine', async () => {
    const { device, queue, ring } = await openRing();
    const strange = await openQueue();
    using other = new GpuQueue(device);
    const slot = await ring.acquire(LIMIT);
    const encoder = goodEncoder(device);
    slot.copy(encoder, numberBuffer(device, 5));
    using foreign = strange.queue.submit([goodEncoder(strange.device)]);
    using foreignMark = strange.queue.mark();
    expect(await rejection(slot.read(foreign, first, LIMIT))).toMatchObject({ code: 'EINVAL' });
    expect(await rejection(slot.read(foreignMark, first, LIMIT))).toMatchObject({ code: 'EINVAL' });
    using fence = other.submit([encoder]);
    await slot.read(fence, first, LIMIT);
    expect(queue.submitted).toBe(0);
    await foreign.wait(LIMIT);
  });

  test('a second time, of nothing, and after the slot was given back is refused', async () => {
    const { device, queue, ring } = await openRing();
    const slot = await ring.acquire(LIMIT);
    using before = queue.submit([goodEncoder(device)]);
    expect(await rejection(slot.read(before, first))).toMatchObject({ code: 'EINVAL' });
    const encoder = goodEncoder(device);
    slot.copy(encoder, numberBuffer(device, 5));
    using fence = queue.submit([encoder]);
    const read = slot.read(fence, first, LIMIT);
    expect(await rejection(slot.read(fence, first))).toMatchObject({ code: 'EINVAL' });
    await read;
    expect(await rejection(slot.read(fence, first))).toMatchObject({ code: 'EINVAL' });
    const given = await ring.acquire(LIMIT);
    given[Symbol.dispose]();
    expect(() => given.copy(goodEncoder(device), numberBuffer(device, 5))).toThrow(EINVAL);
  });

  test('with what is no fence, and no function, is refused', async () => {
    const { device, queue, ring } = await openRing();
    const slot = await ring.acquire(LIMIT);
    const encoder = goodEncoder(device);
    slot.copy(encoder, numberBuffer(device, 5));
    using fence = queue.submit([encoder]);
    expect(await rejection(slot.read({} as never, first))).toMatchObject({ code: 'EINVAL' });
    expect(await rejection(slot.read(fence, undefined as never))).toMatchObject({ code: 'EINVAL' });
    await slot.read(fence, first, LIMIT);
  });

  test('rejects with what use threw, and gives the slot back', async () => {
    const { device, queue, ring } = await openRing();
    const slot = await ring.acquire(LIMIT);
    const encoder = goodEncoder(device);
    slot.copy(encoder, numberBuffer(device, 5));
    using fence = queue.submit([encoder]);
    const thrown = new Error('mine');
    const read = slot.read(
      fence,
      () => {
        throw thrown;
      },
      LIMIT,
    );
    expect(await rejection(read)).toBe(thrown);
    expect(ring.available).toBe(3);
  });

  test('refuses a use that is asynchronous', async () => {
    const { device, queue, ring } = await openRing();
    const slot = await ring.acquire(LIMIT);
    const encoder = goodEncoder(device);
    slot.copy(encoder, numberBuffer(device, 5));
    using fence = queue.submit([encoder]);
    const read = slot.read(fence, () => Promise.reject(new Error('late')), LIMIT);
    expect(await rejection(read)).toMatchObject({ code: 'EINVAL' });
  });

  test('gives up on a timeout and an abort, unmaps, and gives the slot back: the next use works', async () => {
    const { device, queue, ring } = await openRing({ slots: 1 });
    const reason = new Error('left');
    for (const options of [{ timeoutMs: 0 }, { signal: AbortSignal.abort(reason) }]) {
      const slot = await ring.acquire(LIMIT);
      const encoder = goodEncoder(device);
      slot.copy(encoder, numberBuffer(device, 5));
      using fence = queue.submit([encoder]);
      const error = await rejection(slot.read(fence, first, options));
      if ('signal' in options) expect(error).toBe(reason);
      else expect(error).toMatchObject({ code: 'ETIME' });
      expect(ring.available).toBe(1);
    }
    const slot = await ring.acquire(LIMIT);
    const encoder = goodEncoder(device);
    slot.copy(encoder, numberBuffer(device, 6));
    using fence = queue.submit([encoder]);
    const value = await slot.read(fence, first, LIMIT);
    if (executes) expect(value).toBe(6);
  });

  test('goes on when the slot is disposed of meanwhile, as at the end of a block', async () => {
    const { device, queue, ring } = await openRing({ slots: 1 });
    const readBack = (): Promise<number> => {
      using slot = ring.tryAcquire();
      if (slot === undefined) throw new Error('no slot');
      const encoder = goodEncoder(device);
      slot.copy(encoder, numberBuffer(device, 5));
      using fence = queue.submit([encoder]);
      return slot.read(fence, first, LIMIT);
    };
    const read = readBack();
    expect(ring.available).toBe(0);
    const value = await read;
    if (executes) expect(value).toBe(5);
    expect(ring.available).toBe(1);
  });
});

describe('slots', () => {
  test('are a fixed number of buffers, and each is one user’s', async () => {
    const { device, queue } = await openQueue();
    const made = spyOn(device, 'createBuffer');
    using ring = new ReadbackRing(queue, { byteLength: 4, slots: 2, stamp: executes });
    const before = made();
    const source = numberBuffer(device, 5);
    for (let round = 0; round < 10; round++) {
      const slot = await ring.acquire(LIMIT);
      const encoder = goodEncoder(device);
      slot.copy(encoder, source);
      using fence = queue.submit([encoder]);
      await slot.read(fence, first, LIMIT);
    }
    expect(made() - before).toBe(1);
    const [one, two] = [ring.tryAcquire(), ring.tryAcquire()];
    expect(one?.buffer).not.toBe(two?.buffer);
    expect(ring.tryAcquire()).toBeUndefined();
    expect(ring.available).toBe(0);
    one?.[Symbol.dispose]();
    one?.[Symbol.dispose]();
    expect(ring.available).toBe(1);
    two?.[Symbol.dispose]();
  });

  test('are not free while they are read', async () => {
    const { device, queue, ring } = await openRing({ slots: 1 });
    const slot = await ring.acquire(LIMIT);
    const encoder = goodEncoder(device);
    slot.copy(encoder, numberBuffer(device, 5));
    using fence = queue.submit([encoder]);
    const read = slot.read(fence, first, LIMIT);
    expect(ring.tryAcquire()).toBeUndefined();
    await read;
    ring.tryAcquire()?.[Symbol.dispose]();
  });

  test('go to who waits, first come, first served', async () => {
    const { ring } = await openRing({ slots: 1 });
    const slot = await ring.acquire(LIMIT);
    const log: number[] = [];
    const take = async (index: number): Promise<void> => {
      using _slot = await ring.acquire(LIMIT);
      log.push(index);
      await turn();
    };
    const all = Promise.all([take(1), take(2), take(3)]);
    await turn();
    expect(log).toEqual([]);
    slot[Symbol.dispose]();
    await all;
    expect(log).toEqual([1, 2, 3]);
  });

  test('are not lost on who gave up waiting', async () => {
    const { ring } = await openRing({ slots: 1 });
    const slot = await ring.acquire(LIMIT);
    expect(await rejection(ring.acquire({ timeoutMs: 1 }))).toMatchObject({ code: 'ETIME' });
    const controller = new AbortController();
    const aborted = rejection(ring.acquire({ signal: controller.signal }));
    const reason = new Error('left');
    controller.abort(reason);
    // Given back after the abort, and before who waited was told.
    slot[Symbol.dispose]();
    expect(await aborted).toBe(reason);
    expect(ring.available).toBe(1);
  });

  test('refuse what they cannot hold', async () => {
    const { device, ring } = await openRing();
    const slot = await ring.acquire(LIMIT);
    const source = device.createBuffer({ size: 64, usage: 4 });
    for (const size of [0, 3, 8, -4, NaN]) {
      expect(() => slot.copy(goodEncoder(device), source, 0, size)).toThrow(EINVAL);
    }
    expect(() => slot.copy(goodEncoder(device), source, 64)).toThrow(EINVAL);
    const encoder = goodEncoder(device);
    slot.copy(encoder, source);
    expect(() => slot.copy(encoder, source)).toThrow(EINVAL);
    expect(() => slot.seal(encoder)).toThrow(EINVAL);
    slot[Symbol.dispose]();
  });
});

describe('a ring that is disposed of', () => {
  test('rejects who waits and who reads, with ECANCELED', async () => {
    const { device, queue, ring } = await openRing({ slots: 1 });
    const slot = await ring.acquire(LIMIT);
    const encoder = goodEncoder(device);
    slot.copy(encoder, numberBuffer(device, 5));
    using fence = queue.submit([encoder]);
    const read = rejection(slot.read(fence, first, LIMIT));
    const wait = rejection(ring.acquire(LIMIT));
    ring[Symbol.dispose]();
    ring[Symbol.dispose]();
    expect(await wait).toMatchObject({ code: 'ECANCELED' });
    expect(await read).toMatchObject({ code: 'ECANCELED' });
  });

  test('gives no slot: EINVAL', async () => {
    const { ring } = await openRing();
    ring[Symbol.dispose]();
    expect(ring.available).toBe(0);
    expect(() => ring.tryAcquire()).toThrow(EINVAL);
    expect(await rejection(ring.acquire())).toMatchObject({ code: 'EINVAL' });
  });
});

test('wrong options: EINVAL', async () => {
  const { queue } = await openQueue();
  for (const args of [
    [undefined, { byteLength: 4 }],
    [queue],
    [queue, {}],
    [queue, { byteLength: 6 }],
    [queue, { byteLength: 0 }],
    [queue, { byteLength: 4, slots: 0 }],
    [queue, { byteLength: 4, stamp: 1 }],
    [queue, { byteLength: 4, slot: 3 }],
  ]) {
    expect(() => new ReadbackRing(...(args as [GpuQueue, ReadbackRingOptions]))).toThrow(EINVAL);
  }
});
