import { virtualClock } from '@dma-fence/core/testing';
import { GpuQueue } from '@dma-fence/webgpu';
import { describe, expect, test } from 'vitest';
import { idleCompletion } from '../programs/idle-completion.js';
import {
  goodEncoder,
  holdBack,
  LIMIT,
  looksAtOnce,
  openQuietDevice,
  openQueue,
  spyOn,
  turn,
  until,
} from '../rig.js';

/** Makes a device notice completion only when it is made to look, or when something is submitted. Returns what makes it look. */
function lookSeldom(device: GPUDevice): () => Promise<void> {
  const { queue } = device;
  const submit = queue.submit.bind(queue);
  const done = queue.onSubmittedWorkDone.bind(queue);
  const waiting = new Set<() => Promise<void>>();
  // One after the other, so that who looks has also seen what a submit made it see.
  let looking = Promise.resolve();
  const look = (): Promise<void> =>
    (looking = looking.then(async () => {
      const all = [...waiting];
      waiting.clear();
      await Promise.all(all.map((each) => each()));
      await turn();
    }));
  Object.defineProperty(queue, 'submit', {
    configurable: true,
    writable: true,
    value: (buffers: GPUCommandBuffer[]) => {
      submit(buffers);
      void look();
    },
  });
  Object.defineProperty(queue, 'onSubmittedWorkDone', {
    configurable: true,
    value: () =>
      new Promise<void>((resolve) => {
        waiting.add(() => done().then(resolve));
      }),
  });
  return look;
}

describe('an engine that notices completion on a slow timer', () => {
  test('is nudged while somebody waits, and not afterwards', async () => {
    using clock = virtualClock();
    const device = await openQuietDevice();
    lookSeldom(device);
    using queue = new GpuQueue(device, { nudge: 1 });
    using fence = queue.submit([goodEncoder(device)]);
    const submits = spyOn(device.queue, 'submit');
    await clock.advance(10);
    expect(submits()).toBe(0);
    fence.enableSignaling();
    await turn();
    expect(submits()).toBe(0);
    await clock.advance(1);
    expect(submits()).toBe(1);
    await until(() => fence.signaled);
    await clock.advance(10);
    const nudged = submits();
    await clock.advance(1000);
    expect(submits()).toBe(nudged);
    expect(clock.timers).toBe(0);
    expect(queue.submitted).toBe(1);
  });

  test.each([
    ['at once', 0],
    ['late', 30],
  ])('is found out by the second answer of an idle queue, though the first comes %s', async (_, ms) => {
    using clock = virtualClock();
    const device = await openQuietDevice();
    const look = lookSeldom(device);
    using queue = new GpuQueue(device);
    clock.advanceSync(ms);
    await look();
    clock.advanceSync(30);
    await look();
    await expectNudge(clock, device, queue, true);
  });

  test('is found out by an answer during which nothing was submitted', async () => {
    using clock = virtualClock();
    const device = await openQuietDevice();
    const look = lookSeldom(device);
    using queue = new GpuQueue(device);
    await look();
    // Makes it look: as quick as any.
    queue.submit([]).put();
    for (let round = 0; round < 4; round++) {
      clock.advanceSync(round === 0 ? 0 : 30);
      await look();
    }
    await expectNudge(clock, device, queue, true);
  });

  test('is taken for one if work is always in the way', async () => {
    using clock = virtualClock();
    const device = await openQuietDevice();
    const answer = holdBack(device.queue, 'onSubmittedWorkDone');
    const asked = spyOn(device.queue, 'onSubmittedWorkDone');
    using queue = new GpuQueue(device);
    // Each answer comes late, and something was submitted before it.
    answer(() => {
      clock.advanceSync(30);
      queue.submit([]).put();
    });
    await until(() => asked() === 9);
    await turn();
    expect(asked()).toBe(9);
    Reflect.deleteProperty(device.queue, 'onSubmittedWorkDone');
    lookSeldom(device);
    await expectNudge(clock, device, queue, true);
  });

  test('is left alone with nudge off', async () => {
    using clock = virtualClock();
    const device = await openQuietDevice();
    const look = lookSeldom(device);
    using queue = new GpuQueue(device, { nudge: 'off' });
    clock.advanceSync(30);
    await look();
    clock.advanceSync(30);
    await look();
    await expectNudge(clock, device, queue, false);
    await look();
  });

  test('is not nudged where something else was submitted meanwhile', async () => {
    using clock = virtualClock();
    const device = await openQuietDevice();
    lookSeldom(device);
    using queue = new GpuQueue(device, { nudge: 10 });
    using fence = queue.submit([]);
    fence.enableSignaling();
    await turn();
    const submits = spyOn(device.queue, 'submit');
    queue.submit([]).put();
    clock.advanceSync(10);
    expect(submits()).toBe(1);
    await until(() => fence.signaled);
    expect(fence.signaled).toBe(true);
  });
});

describe('an engine that is quick', () => {
  test('is not nudged, though its first answer came late', async () => {
    using clock = virtualClock();
    const device = await openQuietDevice();
    const look = lookSeldom(device);
    using queue = new GpuQueue(device);
    clock.advanceSync(30);
    await look();
    await look();
    await expectNudge(clock, device, queue, false);
    await look();
  });

  test('is asked twice at construction, and then no more', async () => {
    using _clock = virtualClock();
    const device = await openQuietDevice();
    const asked = spyOn(device.queue, 'onSubmittedWorkDone');
    using queue = new GpuQueue(device);
    for (let round = 0; round < 4; round++) await idleCompletion(device);
    queue.submit([]).put();
    await turn();
    expect(asked()).toBe(2 + 4);
  });
});

test('with a number or off, an idle queue asks nothing', async () => {
  const device = await openQuietDevice();
  const asked = spyOn(device.queue, 'onSubmittedWorkDone');
  using _off = new GpuQueue(device, { nudge: 'off' });
  using _number = new GpuQueue(device, { nudge: 4 });
  await turn();
  expect(asked()).toBe(0);
});

test.runIf(!looksAtOnce)('this engine is nudged, whenever its queue was made', async () => {
  const { device, queue } = await openQueue();
  const submits = spyOn(device.queue, 'submit');
  // Our two answers come before these.
  for (let round = 0; round < 3; round++) await idleCompletion(device);
  while (submits() === queue.submitted) {
    using fence = queue.submit([goodEncoder(device)]);
    await fence.wait(LIMIT);
  }
});

/** Whether a queue whose fence somebody waits for is nudged. */
async function expectNudge(
  clock: { advance(ms: number): Promise<void> },
  device: GPUDevice,
  queue: GpuQueue,
  expected: boolean,
): Promise<void> {
  const { submitted } = queue;
  const submits = spyOn(device.queue, 'submit');
  using fence = queue.submit([goodEncoder(device)]);
  fence.enableSignaling();
  await turn();
  // Nobody but a nudge makes it look.
  await clock.advance(4);
  expect(submits() - 1).toBe(expected ? 1 : 0);
  expect(queue.submitted).toBe(submitted + 1);
  if (expected) await until(() => fence.signaled);
}
