import type { DmaFence, Owned } from '@dma-fence/core';

export interface Handle {
  readonly fence: Owned;
  release(): void;
}

/** @consumes fence */
export function makeHandle(fence: DmaFence): Handle {
  let isReleased = false;
  return {
    fence,
    release() {
      if (isReleased) return;
      isReleased = true;
      fence.put();
    },
  };
}

export function withHandle<R>(fence: DmaFence, work: (handle: Handle) => R): R {
  const handle = makeHandle(fence.get());
  try {
    return work(handle);
  } finally {
    handle.release();
  }
}
