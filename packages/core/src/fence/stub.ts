import { closedContext } from './closed-context.js';
import type { DmaFenceContext } from './context.js';
import type { DmaFence } from './dma-fence.js';
import { createIn, released, type Fence } from './fence.js';

let stub: Fence<undefined> | undefined;

/**
 * Returns the stub, a fence that has always been signaled. Use it where you need a fence and there is nothing to wait for.
 *
 * Each thread has one stub. It is on context 0 and has seqno 0.
 *
 * @returns the stub with a new reference. Stands for `dma_fence_get_stub`.
 *
 * @example Nothing to wait for
 * ```ts
 * import { signaledFence } from '@dma-fence/core';
 *
 * using nothing = signaledFence();
 * await nothing.wait();
 * ```
 */
export function signaledFence(): DmaFence<undefined> {
  // Put once too often by anybody, it would be gone for everybody.
  if (stub === undefined || released(stub)) stub = createStub(stub?.context);
  return stub.get();
}

function createStub(context: DmaFenceContext = stubContext()): Fence<undefined> {
  const fence = createIn(context, 0, undefined, context._flags);
  fence.signal();
  return fence;
}

function stubContext(): DmaFenceContext {
  return closedContext(
    'stub',
    'createFence() has no place on the stub context; make a context of your own',
    undefined,
    0,
  );
}
