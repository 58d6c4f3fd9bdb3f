import { FenceCallback, signaledFence, type DmaFence, type DriverFence } from '@dma-fence/core';
import { expect, test } from 'vitest';
import { context, ownContext, rejection, warnings } from '../support.js';

function enabled({ own = context() } = {}): DriverFence {
  const fence = own.createFence();
  fence.enableSignaling();
  return fence;
}

/** A callback that counts its calls. */
function counter(): FenceCallback<number> {
  return new FenceCallback<number>((_fence, record) => void record.data++, 0);
}

test('test_sanitycheck: made, enabled, signaled, put, without a word', () => {
  const heard = warnings();
  const fence = enabled({ own: ownContext() });
  fence.signal();
  fence.put();
  expect([fence.refCount, heard]).toEqual([0, []]);
});

test('test_signaling: pending until the one signal that wins, then signaled by flag and by poll', () => {
  const fence = enabled();
  expect([fence.poll(), fence.signaled]).toEqual([false, false]);
  expect(fence.signal()).toBe(true);
  expect([fence.poll(), fence.signaled]).toEqual([true, true]);
  expect(fence.signal()).toBe(false);
});

test('test_add_callback: has run when signal returns', () => {
  const fence = context().createFence();
  const seen = counter();
  expect(fence.addCallback(seen)).toBe(true);
  fence.signal();
  expect([seen.data, seen.pending]).toEqual([1, false]);
});

test('test_late_add_callback: refused on a signaled fence, and never called', () => {
  const fence = enabled();
  fence.signal();
  const seen = counter();
  expect(fence.addCallback(seen)).toBe(false);
  fence.signal();
  expect([seen.data, seen.pending]).toEqual([0, false]);
});

test('test_rm_callback: removed, it does not run', () => {
  const fence = context().createFence();
  const seen = counter();
  fence.addCallback(seen);
  expect(fence.removeCallback(seen)).toBe(true);
  fence.signal();
  expect(seen.data).toBe(0);
});

test('test_late_rm_callback: cannot be removed once it has run', () => {
  const fence = context().createFence();
  const seen = counter();
  fence.addCallback(seen);
  fence.signal();
  expect([seen.data, fence.removeCallback(seen)]).toEqual([1, false]);
});

test('test_status: pending, then signaled', () => {
  const fence = enabled();
  expect(fence.status).toBe('pending');
  fence.signal();
  expect([fence.status, fence.error]).toEqual(['signaled', undefined]);
});

test('test_error: no error before the end, the one given after it', () => {
  const fence = enabled();
  expect([fence.status, fence.error]).toEqual(['pending', undefined]);
  fence.fail('EIO');
  expect([fence.status, fence.error?.errno]).toEqual(['failed', -5]);
});

test('test_wait: without time it times out before the signal and succeeds after it', async () => {
  const fence = enabled();
  expect((await rejection(fence.wait({ timeoutMs: 0 }))).code).toBe('ETIME');
  fence.signal();
  await fence.wait({ timeoutMs: 0 });
});

test('test_wait_timeout: too short it times out, long enough it sees the signal that a timer brings', async () => {
  const fence = enabled();
  expect((await rejection(fence.wait({ timeoutMs: 1 }))).code).toBe('ETIME');
  setTimeout(() => fence.signal(), 1);
  await fence.wait({ timeoutMs: 60_000 });
  expect(fence.signaled).toBe(true);
});

test('test_stub: each of 64 is signaled, and a reference of its own', () => {
  const stubs = Array.from({ length: 64 }, () => signaledFence());
  expect(stubs.every((stub) => stub.poll())).toBe(true);
  const before = stubs[0]?.refCount ?? 0;
  for (const stub of stubs) stub.put();
  expect(stubs[0]?.refCount).toBe(before - 64);
});

test.each([true, false])(
  'test_race_signal_callback: two tasks that each signal (first: %s) and wait for the other miss no callback',
  async (before) => {
    const slots: (DmaFence | undefined)[] = [undefined, undefined];
    let passes = 0;
    const task = async (id: 0 | 1): Promise<void> => {
      for (let pass = 0; pass < 200; pass++) {
        const own = enabled({ own: ownContext() });
        slots[id] = own.get();
        // Turns of different lengths, so that the two meet in every order.
        for (let turn = 0; turn < (pass * (id + 1)) % 5; turn++) await Promise.resolve();
        const other = slots[1 - id]?.get();
        if (before) own.signal();
        const seen = counter();
        const added = other?.addCallback(seen) === true;
        if (!before) own.signal();
        if (added) {
          await other.wait();
          expect(seen.data).toBe(1);
        }
        other?.put();
        own.put();
        slots[id] = undefined;
        own.put();
        passes++;
      }
    };
    await Promise.all([task(0), task(1)]);
    expect(passes).toBe(400);
  },
);
