import { FramePacer, GpuQueue, ReadbackRing } from '@dma-fence/webgpu';
import { describe, expect, test } from 'vitest';
import {
  ended,
  executes,
  goodEncoder,
  LIMIT,
  numberBuffer,
  openQueue,
  rejection,
  spinner,
  usage,
} from '../rig.js';

describe('a lost device', () => {
  test('fails everything pending with ENODEV, ascending, in one turn, and later submits too', async () => {
    const { device, queue } = await openQueue();
    const work = executes ? spinner(device, 5_000_000) : () => goodEncoder(device);
    const log: number[] = [];
    const fences = Array.from({ length: 20 }, () => queue.submit([work()]));
    using upcoming = queue.upcoming();
    upcoming.addCallback(({ seqno }) => log.push(seqno));
    device.destroy();
    for (const fence of fences) if (!fence.addCallback(({ seqno }) => log.push(seqno))) log.push(fence.seqno);
    await device.lost;
    await ended(upcoming);
    expect(upcoming.error?.code).toBe('ENODEV');
    expect(log).toEqual(log.toSorted((a, b) => a - b));
    expect(log).toHaveLength(21);
    for (const fence of fences) {
      // Work that was done before the loss may be told either way; that engines differ in it is documented.
      if (fence.error !== undefined) expect(fence.error.code).toBe('ENODEV');
      expect(fence.signaled).toBe(true);
      fence.put();
    }
    using later = queue.submit([goodEncoder(device)]);
    expect(later.error).toBe(queue.lost);
    using mark = queue.mark();
    expect(mark.error?.code).toBe('ENODEV');
  });

  test('is told with its GPUDeviceLostInfo as the cause, whatever the reason there', async () => {
    const { device, queue } = await openQueue({ name: 'render' });
    using fence = queue.upcoming();
    const wait = rejection(fence.wait(LIMIT));
    device.destroy();
    const error = await wait;
    expect(error).toBe(queue.lost);
    expect(queue.lost?.code).toBe('ENODEV');
    expect(queue.lost?.message).toContain('gpu:render:');
    expect(queue.lost?.cause).toMatchObject({ reason: 'destroyed' });
  });

  test('tells no uncaptured error, and rejects nothing unhandled', async () => {
    const { device, queue } = await openQueue();
    queue.submit([goodEncoder(device)]).put();
    queue.guard(() => numberBuffer(device, 1));
    queue.mark().put();
    device.destroy();
    using fence = queue.upcoming();
    await ended(fence);
  });

  test('wins over what the submit had: memory, for one', async () => {
    const { device, queue } = await openQueue();
    queue.guard(() => device.createBuffer({ size: 4, usage: usage.MAP_READ | usage.STORAGE }));
    using fence = queue.submit([goodEncoder(device)]);
    device.destroy();
    await ended(fence);
    // Either it had ended before, with its own error, or the loss ended it.
    expect(['EINVAL', 'ENODEV']).toContain(fence.error?.code);
  });

  test('rejects who reads and who waits for a slot, and unmaps nothing that is not mapped', async () => {
    const { device, queue } = await openQueue();
    const work = executes ? spinner(device, 5_000_000) : () => goodEncoder(device);
    using ring = new ReadbackRing(queue, { byteLength: 4, slots: 2, stamp: executes });
    const slot = await ring.acquire(LIMIT);
    const other = await ring.acquire(LIMIT);
    const encoder = goodEncoder(device);
    slot.copy(encoder, numberBuffer(device, 5));
    queue.submit([work()]).put();
    using fence = queue.submit([encoder]);
    const read = slot
      .read(fence, () => 'read', LIMIT)
      .catch((error: unknown) => (error as { code: string }).code);
    const waiting = ring.acquire(LIMIT).then(
      (late) => {
        late[Symbol.dispose]();
        return 'acquired';
      },
      (error: unknown) => (error as { code: string }).code,
    );
    const second = rejection(Promise.all([ring.acquire(LIMIT), ring.acquire(LIMIT)]));
    device.destroy();
    // The work may have been done before the loss.
    expect(['ENODEV', 'read']).toContain(await read);
    expect(['ENODEV', 'acquired']).toContain(await waiting);
    expect(await second).toMatchObject({ code: 'ENODEV' });
    expect(
      await rejection(Promise.all([ring.acquire(LIMIT), ring.acquire(LIMIT), ring.acquire(LIMIT)])),
    ).toMatchObject({
      code: 'ENODEV',
    });
    other[Symbol.dispose]();
  });

  test('rejects a read whose submit was done, and whose map was not: ENODEV, not ECANCELED', async () => {
    const { device, queue } = await openQueue();
    using ring = new ReadbackRing(queue, { byteLength: 4, stamp: executes });
    const slot = await ring.acquire(LIMIT);
    const encoder = goodEncoder(device);
    slot.copy(encoder, numberBuffer(device, 5));
    using fence = queue.submit([encoder]);
    await fence.wait(LIMIT);
    device.destroy();
    expect(await rejection(slot.read(fence, () => 1, LIMIT))).toMatchObject({ code: 'ENODEV' });
  });

  test('frees what is retired', async () => {
    const { device, queue } = await openQueue();
    const log: string[] = [];
    queue.retire(() => log.push('submitted'));
    queue.retire(() => log.push('done'), 'done');
    using fence = queue.upcoming();
    device.destroy();
    await ended(fence);
    await device.lost;
    expect(log).toEqual(['submitted', 'done']);
  });

  test('that was lost before the queue was made', async () => {
    const { device } = await openQueue();
    device.destroy();
    await device.lost;
    using queue = new GpuQueue(device);
    using fence = queue.submit([goodEncoder(device)]);
    expect(await rejection(fence.wait(LIMIT))).toMatchObject({ code: 'ENODEV' });
  });

  test('ends all queues and pacers of it', async () => {
    const { device, queue } = await openQueue();
    using other = new GpuQueue(device);
    using pacer = new FramePacer(other, { depth: 1 });
    using frame = other.upcoming();
    pacer.track(frame);
    const wait = rejection(pacer.wait(LIMIT));
    device.destroy();
    expect(await wait).toMatchObject({ code: 'ENODEV' });
    await device.lost;
    expect(queue.lost?.code).toBe('ENODEV');
  });

  test('a wait of one’s own still has its timeout', async () => {
    const { queue } = await openQueue();
    using never = queue.upcoming();
    expect(await rejection(never.wait({ timeoutMs: 5 }))).toMatchObject({ code: 'ETIME' });
  });
});
