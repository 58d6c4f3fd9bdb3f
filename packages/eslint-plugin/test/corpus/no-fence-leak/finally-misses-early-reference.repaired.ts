// The reference is taken before the try whose finally puts another one.
import { type DmaFence, waitAll } from '@dma-fence/core';

export async function blit(source: DmaFence, target: DmaFence): Promise<void> {
  const first = source.get();
  const second = target.get();
  try {
    await waitAll([first, second]);
  } finally {
    second.put();
    first.put();
  }
}
