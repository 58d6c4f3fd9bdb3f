// A callback starts to wait for another fence.
import type { DmaFence } from '@dma-fence/core';

export function chain(first: DmaFence, second: DmaFence): boolean {
  return first.addCallback((fence) => {
    console.log(fence.name, second.seqno);
  });
}
