import { signaledFence, SyncObject } from '@dma-fence/core';
import { expect, test } from 'vitest';
import { rejection, thrown } from '../support.js';

test('bad-create-flags: options that are none are refused', () => {
  expect(thrown(() => new SyncObject(null as never)).code).toBe('EINVAL');
  expect(thrown(() => new SyncObject(0xdeadbeef as never)).code).toBe('EINVAL');
});

test('create-signaled: a wait of no time succeeds; otherwise the slot is empty', async () => {
  using done = new SyncObject({ signaled: true });
  using empty = new SyncObject();
  using stub = signaledFence();
  using fence = done.fence();
  expect([fence, empty.fence()]).toEqual([stub, undefined]);
  await done.wait({ timeoutMs: 0 });
  expect((await rejection(empty.wait({ timeoutMs: 0 }))).code).toBe('EINVAL');
});
