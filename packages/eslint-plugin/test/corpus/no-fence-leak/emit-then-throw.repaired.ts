import type { DmaFence, DmaFenceContext, DriverFence } from '@dma-fence/core';

interface Ring {
  write(words: readonly number[]): number;
  readonly free: number;
}

export function emit(ring: Ring, context: DmaFenceContext, words: readonly number[]): DmaFence {
  const fence: DriverFence = context.createFence();
  if (ring.free < words.length) {
    fence.fail('EAGAIN');
    fence.put();
    throw new RangeError('the ring is full');
  }
  const position = ring.write(words);
  if (Number.isNaN(position)) {
    fence.fail('EIO');
    fence.put();
    throw new TypeError('the ring is gone');
  }
  fence.emit();
  return fence;
}
