import { GpuQueue, ReadbackRing } from '@dma-fence/webgpu';
import { expect, test } from 'vitest';
import { readBack } from '../programs/read-back.js';
import { staleReadBack } from '../programs/stale-read-back.js';
import { executes, goodEncoder, LIMIT, numberBuffer, openDevice, rejection, usage } from '../rig.js';

test.runIf(executes)('the first program of the README reads stale bytes, the second does not', async () => {
  const { device, uncaptured } = await openDevice();
  using queue = new GpuQueue(device);
  using ring = new ReadbackRing(queue, { byteLength: 4 });
  const staging = device.createBuffer({ size: 4, usage: usage.MAP_READ | usage.COPY_DST });
  const record = (value: number, destroyed: boolean): [GPUCommandEncoder, GPUBuffer] => {
    const source = numberBuffer(device, value);
    const encoder = goodEncoder(device);
    encoder.copyBufferToBuffer(source, 0, staging, 0, 4);
    if (destroyed) source.destroy();
    return [encoder, numberBuffer(device, value)];
  };
  expect(await staleReadBack(device, record(1, false)[0], staging)).toBe(1);
  expect(await staleReadBack(device, record(2, true)[0], staging)).toBe(1);
  expect(uncaptured).toHaveLength(1);

  expect(await readBack(queue, ring, ...record(1, false))).toBe(1);
  expect(await rejection(readBack(queue, ring, ...record(2, true)))).toMatchObject({ code: 'EINVAL' });
  expect(uncaptured).toHaveLength(1);
  using last = queue.mark();
  await last.wait(LIMIT);
});
