import { DmaFenceContext, type DmaFenceContextOptions } from '../fence/context.js';
import type { FenceErrorCode } from '../error.js';
import type { DriverFence } from '../fence/dma-fence.js';
import type { Borrowed } from '../fence/ownership.js';

/**
 * Makes fences for a test to pass to the code under test, and puts them at the end of the test.
 *
 * @example One that is pending, one that is done, one that failed
 * ```ts
 * import { fenceFactory, type FenceFactory } from '@dma-fence/core/testing';
 *
 * using fences: FenceFactory = fenceFactory();
 * [fences.create(), fences.signaled(), fences.failed('EIO')].map(({ status }) => status); // ['pending', 'signaled', 'failed']
 * ```
 */
export interface FenceFactory extends Disposable {
  /** The context of all its fences. */
  readonly context: DmaFenceContext;
  /** Returns a pending fence. The factory owns the reference. To keep the fence, `get()` a reference of your own, and `put()` only that. */
  create(): Borrowed<DriverFence<undefined>>;
  /** The same, with data. */
  create<T>(data: T): Borrowed<DriverFence<T>>;
  /** Returns a fence that has succeeded. */
  signaled(): Borrowed<DriverFence<undefined>>;
  /** Returns a fence that has failed. Throws `EINVAL` for an unknown code. */
  failed(error: FenceErrorCode | Error): Borrowed<DriverFence<undefined>>;
  /** Fails pending fences with `ECANCELED`, so that no wait hangs, and puts the references of the factory. */
  [Symbol.dispose](): void;
}

/**
 * Makes a factory of driver fences for a test.
 *
 * @param options of its context: names (`test:fences` by default), `ops` to act as an exporter, `timestamps`.
 * @returns the factory. Dispose of it: `using fences = fenceFactory()`.
 * @throws FenceError `EINVAL` for bad options. Kernel: the mock fences of `st-dma-fence.c`.
 *
 * @example The producer's side of a test
 * ```ts
 * import type { DmaFence } from '@dma-fence/core';
 * import { fenceFactory } from '@dma-fence/core/testing';
 *
 * async function present(rendered: DmaFence): Promise<string> {
 *   return rendered.wait().then(() => 'shown', () => 'dropped');
 * }
 *
 * using fences = fenceFactory();
 * const frame = fences.create();
 * const presented = present(frame);
 * frame.fail('EIO');
 * await presented; // 'dropped'
 * ```
 */
export function fenceFactory(options: Partial<DmaFenceContextOptions> = {}): FenceFactory {
  const context = new DmaFenceContext({ driverName: 'test', timelineName: 'fences', ...options });
  const made: DriverFence[] = [];
  const create = <T>(data?: T): Borrowed<DriverFence<T | undefined>> => {
    const fence = context.createFence(data);
    made.push(fence);
    return fence;
  };
  return {
    context,
    create,
    signaled() {
      const fence = create<undefined>();
      fence.signal();
      return fence;
    },
    failed(error) {
      const fence = create<undefined>();
      fence.fail(error);
      return fence;
    },
    [Symbol.dispose]() {
      for (const fence of made.splice(0)) {
        // Somebody put what was not theirs; whoever did has been told by an error, or will be.
        if (fence.refCount === 0) continue;
        fence.fail('ECANCELED');
        fence.put();
      }
    },
  };
}
