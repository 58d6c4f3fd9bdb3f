import type { Borrowed, DriverFence } from '@dma-fence/core';
import { onTestFinished } from 'vitest';

/** A fence that the test only plays with: it ends, and is put, when the test and its tracing are over. */
export function lend<F extends DriverFence>(fence: F): Borrowed<F> {
  onTestFinished(() => {
    // A test that is about the last put has put it by itself.
    if (fence.refCount === 0) return;
    fence.fail('ECANCELED');
    fence.put();
  });
  return fence;
}
