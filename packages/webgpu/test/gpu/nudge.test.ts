import { GpuQueue } from '@dma-fence/webgpu';
import { describe, expect, test } from 'vitest';
import { goodEncoder, LIMIT, looksAtOnce, openQuietDevice, spyOn, turn, until } from '../rig.js';

/** Makes completion of a device slow, as in an engine that looks at it on a timer, unless something is submitted. */
function slowDown(device: GPUDevice, ms: number): void {
  const { queue } = device;
  const submit = queue.submit.bind(queue);
  const done = queue.onSubmittedWorkDone.bind(queue);
  const waiting = new Set<() => void>();
  const look = (): void => {
    for (const each of waiting) each();
    waiting.clear();
  };
  Object.defineProperty(queue, 'submit', {
    configurable: true,
    writable: true,
    value: (buffers: GPUCommandBuffer[]) => {
      submit(buffers);
      look();
    },
  });
  Object.defineProperty(queue, 'onSubmittedWorkDone', {
    configurable: true,
    value: () =>
      new Promise<void>((resolve) => {
        waiting.add(() => {
          void done().then(resolve);
        });
        setTimeout(look, ms);
      }),
  });
}

describe('an engine that notices completion on a slow timer', () => {
  test('is nudged while somebody waits, and not afterwards', async () => {
    const device = await openQuietDevice();
    slowDown(device, 5000);
    const submits = spyOn(device.queue, 'submit');
    using queue = new GpuQueue(device, { nudge: 1 });
    using fence = queue.submit([goodEncoder(device)]);
    const before = performance.now();
    await fence.wait(LIMIT);
    expect(performance.now() - before).toBeLessThan(4000);
    const nudged = submits();
    expect(nudged).toBeGreaterThan(1);
    expect(queue.submitted).toBe(1);
    await until(() => false, 20);
    expect(submits()).toBe(nudged);
  });

  test('is found out by an idle queue that needs more than 20 ms', async () => {
    const device = await openQuietDevice();
    slowDown(device, 60);
    const submits = spyOn(device.queue, 'submit');
    using queue = new GpuQueue(device);
    // The first answer tells it.
    await until(() => false, 150);
    slowDown(device, 5000);
    using fence = queue.submit([goodEncoder(device)]);
    await fence.wait(LIMIT);
    expect(submits()).toBeGreaterThan(1);
  });

  test('is left alone with nudge off', async () => {
    const device = await openQuietDevice();
    slowDown(device, 30);
    const submits = spyOn(device.queue, 'submit');
    using queue = new GpuQueue(device, { nudge: 'off' });
    using fence = queue.submit([goodEncoder(device)]);
    await fence.wait(LIMIT);
    expect(submits()).toBe(1);
  });

  test.runIf(looksAtOnce)('is not nudged where something else was submitted meanwhile', async () => {
    const device = await openQuietDevice();
    slowDown(device, 40);
    const submits = spyOn(device.queue, 'submit');
    using queue = new GpuQueue(device, { nudge: 10 });
    using fence = queue.submit([]);
    const wait = fence.wait(LIMIT);
    await turn();
    queue.submit([]).put();
    await wait;
    expect(submits()).toBe(2);
  });
});

test.runIf(looksAtOnce)('an engine that is quick is not nudged', async () => {
  const device = await openQuietDevice();
  const submits = spyOn(device.queue, 'submit');
  using queue = new GpuQueue(device);
  await until(() => false, 30);
  using fence = queue.submit([goodEncoder(device)]);
  await fence.wait(LIMIT);
  expect(submits()).toBe(1);
});
