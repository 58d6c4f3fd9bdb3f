// Tests of node:test that hang, each in another way.
import { DmaFenceContext, fenceArray } from '@dma-fence/core';
import { named } from '@dma-fence/core/debug';
import { checkFences } from '@dma-fence/core/testing';
import { afterEach, beforeEach, test } from 'node:test';

checkFences({ beforeEach, afterEach }, { validator: false });
const ring = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
const older = ring.createFence();
const never = new Promise(() => undefined);

/**
 * Something else keeps the process, so that the test ends by its timeout.
 *
 * @param {import('node:test').TestContext} t
 */
function keepProcess(t) {
  const timer = setInterval(() => undefined, 1000);
  t.signal.addEventListener('abort', () => clearInterval(timer));
}

void test('a fence', { timeout: 50 }, async (t) => {
  keepProcess(t);
  await ring.createFence().wait();
});
void test('an older fence', { timeout: 50 }, async (t) => {
  keepProcess(t);
  await older.wait();
});
void test('a promise with a name', { timeout: 50 }, async (t) => {
  keepProcess(t);
  await named(never, 'the answer of the device');
});
void test('an array', { timeout: 50 }, async (t) => {
  keepProcess(t);
  const [done, hung] = [ring.createFence(), ring.createFence()];
  done.signal();
  await fenceArray([done, hung]).wait();
});
void test('work that never ends', { timeout: 50 }, async (t) => {
  keepProcess(t);
  const fence = ring.createFence();
  void fence.signalAfter(() => named(never, 'a shader that loops'));
  await fence.wait();
});
void test('no hang, but a failure with a fence pending', () => {
  ring.createFence();
  throw new Error('as planned');
});
