// Tests of vitest that hang, each in another way.
import { DmaFenceContext, mergeFences, SyncObject } from '@dma-fence/core';
import { named } from '@dma-fence/core/debug';
import { checkFences } from '@dma-fence/core/testing';
import { afterEach, beforeEach, describe, test } from 'vitest';

checkFences({ beforeEach, afterEach }, { validator: false });

describe('hangs on', () => {
  test('a merge', async () => {
    const copy = new DmaFenceContext({ driverName: 'gpu', timelineName: 'copy' });
    const ring = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
    const [texture, shadows] = [copy.createFence(), ring.createFence()];
    const inputs = mergeFences([texture, shadows]);
    const waiting = inputs.wait();
    texture.signal();
    await waiting;
  });
  test('a point that nobody submits', async () => {
    await new SyncObject().wait({ point: 3, waitForSubmit: true });
  });
  test('a promise with a name', () => named(new Promise(() => undefined), 'the answer of the device'));
});

test('no hang, but a failure', () => {
  throw new Error('as planned');
});
