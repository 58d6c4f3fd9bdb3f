import type { DmaFence, DmaFenceContext } from '@dma-fence/core';
export function build(context: DmaFenceContext, init: (f: DmaFence) => void): DmaFence {
  const fence = context.createFence();
  let success = false;
  try {
    init(fence);
    success = true;
    return fence;
  } finally {
    if (!success) {
      fence.fail('EINVAL');
      fence.put();
    }
  }
}
