import { expect, test } from 'vitest';
import { destroyAfterSubmit } from '../programs/destroy-after-submit.js';
import { mustRender } from '../programs/fail-the-test.js';
import { idleCompletion } from '../programs/idle-completion.js';
import { mapBeforeSubmit } from '../programs/map-before-submit.js';
import { swappedBlame } from '../programs/swapped-blame.js';
import { usedUp } from '../programs/used-up.js';
import {
  badEncoder,
  executes,
  goodEncoder,
  looksAtOnce,
  numberBuffer,
  openDevice,
  openQuietDevice,
  rejection,
  usage,
} from '../rig.js';

/** An encoder that copies a number to a buffer that can be mapped. */
function copy(device: GPUDevice): { encoder: GPUCommandEncoder; source: GPUBuffer; staging: GPUBuffer } {
  const source = numberBuffer(device, 7);
  const staging = device.createBuffer({ size: 4, usage: usage.MAP_READ | usage.COPY_DST });
  const encoder = goodEncoder(device);
  encoder.copyBufferToBuffer(source, 0, staging, 0, 4);
  return { encoder, source, staging };
}

test('scopes over an await: the innocent task has the error', async () => {
  const device = await openQuietDevice();
  expect(await swappedBlame(device)).toEqual([false, true]);
});

test('destroying right after the submit is no error, and the work is done', async () => {
  const device = await openQuietDevice();
  const { encoder, source, staging } = copy(device);
  expect(await destroyAfterSubmit(device, encoder, source)).toBe(true);
  await staging.mapAsync(1);
  if (executes) expect(new Uint32Array(staging.getMappedRange())[0]).toBe(7);
});

test.runIf(executes)('a map before its submit: the submit does not run, the map resolves', async () => {
  const device = await openQuietDevice();
  const { encoder, staging } = copy(device);
  expect(await mapBeforeSubmit(device, encoder, staging)).toBe(false);
});

test('an invalid submit uses up the command buffers that were fine', async () => {
  const { device } = await openDevice();
  expect(await usedUp(device, goodEncoder(device).finish(), badEncoder(device).finish())).toBe(false);
});

test('an idle queue says so at once, but for engines that look on a timer', async () => {
  const device = await openQuietDevice();
  const times: number[] = [];
  if (looksAtOnce) {
    // One of many: other work on the machine may be in the way of any of them.
    while (!times.some((ms) => ms < 50)) times.push(await idleCompletion(device));
  } else {
    for (let round = 0; round < 3; round++) times.push(await idleCompletion(device));
    // Asked in a row, so that the first alone may have come when the timer was about to run out.
    expect(Math.min(...times.slice(1))).toBeGreaterThan(50);
  }
});

test('a frame that did not render fails the test', async () => {
  const device = await openQuietDevice();
  await mustRender(device, () => {
    device.queue.submit([goodEncoder(device).finish()]);
  });
  const bad = mustRender(device, () => {
    device.queue.submit([badEncoder(device).finish()]);
  });
  expect(await rejection(bad)).toMatchObject({ code: 'EINVAL' });
});
