import { fenceArray, FenceCallback } from '@dma-fence/core';
import { checkFences, fenceFactory, virtualClock } from '@dma-fence/core/testing';
import { expect, test, vi } from 'vitest';
import { collect } from '../lockdep/garbage.js';
import { kinds, watch } from '../lockdep/support.js';
import { ownContext } from '../support.js';

/** The message with which the check fails a test. */
async function messageOf(body: () => unknown): Promise<string | undefined> {
  let [before, after] = [(): void => undefined, (): Promise<void> => Promise.resolve()];
  checkFences(
    { beforeEach: (hook) => (before = hook), afterEach: (hook) => (after = hook) },
    { stacks: false },
  );
  before();
  await body();
  return after().then(
    () => undefined,
    (error: unknown) => (error as Error).message,
  );
}

test('a fence that is gone with a reference held is told of all the same', async () => {
  const own = ownContext();
  const message = await messageOf(async () => {
    const leak = (): void => void own.createFence();
    leak();
    let rounds = 0;
    await collect(() => ++rounds > 5);
  });
  expect(message).toContain(
    `gpu:ring0:${String(own.id)}:1 is gone, collected while references to it were held: somebody forgot a put()`,
  );
});

test('a container whose members are all over, and that nobody has asked, waits for nobody', async () => {
  using fences = fenceFactory();
  using both = fenceArray([fences.signaled(), fences.signaled()]);
  let array: Disposable | undefined;
  const message = await messageOf(() => {
    array = fenceArray([...both.data]);
  });
  expect(message).toMatch(/dma_fence_array:unbound:\d+:\d+ is pending, nobody has signaled it/);
  array?.[Symbol.dispose]();
});

test('work that has run can be taken back, which changes nothing', async () => {
  using clock = virtualClock();
  const work = vi.fn();
  const scheduled = clock.after(1, work);
  await clock.advance(1);
  scheduled[Symbol.dispose]();
  expect(work).toHaveBeenCalledOnce();
});

test('a slow record is reported by the name of its function', () => {
  const session = watch({ slowCallbackMs: 5 });
  using clock = virtualClock();
  using fences = fenceFactory();
  const fence = fences.create();
  fence.addCallback(
    new FenceCallback(function present() {
      clock.advanceSync(6);
    }),
  );
  fence.signal();
  expect(kinds(session)).toEqual(['slow-callback']);
  expect(session.reports[0]?.title).toContain('callback present() of test:fences:');
});
