import { GpuQueue } from '@dma-fence/webgpu';
import {
  abortMaps,
  crashGpuProcess,
  dropSubmit,
  failSubmit,
  invalidCommandBuffer,
} from '@dma-fence/webgpu/testing';
import { expect, test } from 'vitest';
import {
  executes,
  goodEncoder,
  LIMIT,
  numberBuffer,
  openDevice,
  openQuietDevice,
  rejection,
  usage,
} from '../rig.js';

/** A read-back as most programs write it. */
async function naiveReadBack(device: GPUDevice, staging: GPUBuffer, source: GPUBuffer): Promise<number> {
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(source, 0, staging, 0, 4);
  device.queue.submit([encoder.finish()]);
  await device.queue.onSubmittedWorkDone();
  await staging.mapAsync(1);
  const [value = NaN] = new Uint32Array(staging.getMappedRange());
  staging.unmap();
  return value;
}

test.runIf(executes).each([
  ['failSubmit', failSubmit],
  ['dropSubmit', dropSubmit],
])('%s shows that a naive read-back hands out the bytes of the time before', async (_, fault) => {
  const { device } = await openDevice();
  const staging = device.createBuffer({ size: 4, usage: usage.MAP_READ | usage.COPY_DST });
  const source = numberBuffer(device, 1);
  expect(await naiveReadBack(device, staging, source)).toBe(1);
  device.queue.writeBuffer(source, 0, new Uint32Array([2]));
  fault(device);
  expect(await naiveReadBack(device, staging, source)).toBe(1);
  expect(await naiveReadBack(device, staging, source)).toBe(2);
});

test('failSubmit is one submit, by error scope; taken back, none', async () => {
  const device = await openQuietDevice();
  const submit = async (): Promise<GPUError | null> => {
    device.pushErrorScope('validation');
    device.queue.submit([goodEncoder(device).finish()]);
    return device.popErrorScope();
  };
  failSubmit(device);
  expect((await submit())?.message).toMatch(/debug ?group|invalid on purpose/i);
  expect(await submit()).toBeNull();
  failSubmit(device)[Symbol.dispose]();
  expect(await submit()).toBeNull();
  expect(Object.getOwnPropertyNames(device.queue)).toEqual([]);
});

test('failSubmit through a GpuQueue is EINVAL', async () => {
  const device = await openQuietDevice();
  using queue = new GpuQueue(device);
  using _fault = failSubmit(queue);
  using fence = queue.submit([goodEncoder(device)]);
  expect(await rejection(fence.wait(LIMIT))).toMatchObject({ code: 'EINVAL' });
});

test('an invalid command buffer costs its maker no error, and its submit one', async () => {
  const { device, uncaptured } = await openDevice();
  const buffer = invalidCommandBuffer(device);
  device.pushErrorScope('validation');
  device.queue.submit([buffer]);
  expect(await device.popErrorScope()).not.toBeNull();
  expect(uncaptured).toEqual([]);
});

test('abortMaps aborts what is pending, and nothing else', async () => {
  const device = await openQuietDevice();
  const [one, two] = [0, 1].map(() =>
    device.createBuffer({ size: 4, usage: usage.MAP_READ | usage.COPY_DST }),
  );
  if (one === undefined || two === undefined) throw new Error('no buffers');
  const map = rejection(one.mapAsync(1));
  expect(abortMaps([one, two])).toBe(1);
  expect(await map).toMatchObject({ name: 'AbortError' });
});

test('crashGpuProcess asks the browser of a page', async () => {
  const log: string[] = [];
  const session = {
    send: (method: string) => {
      log.push(method);
      return Promise.reject(new Error('gone'));
    },
    detach: () => Promise.resolve(),
  };
  await crashGpuProcess({
    context: () => ({ browser: () => ({ newBrowserCDPSession: () => Promise.resolve(session) }) }),
  });
  expect(log).toEqual(['Browser.crashGpuProcess']);
  await expect(crashGpuProcess({ context: () => ({ browser: () => null }) })).rejects.toThrow('no browser');
});

test('wrong targets: EINVAL', () => {
  for (const fault of [failSubmit, dropSubmit]) {
    for (const target of [undefined, {}]) {
      expect(() => fault(target as never)).toThrow(expect.objectContaining({ code: 'EINVAL' }));
    }
  }
});
