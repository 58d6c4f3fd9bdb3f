// The merged fence of two inputs is only needed for a wait, and never given back.
import { type DmaFence, mergeFences } from '@dma-fence/core';

export async function waitBoth(a: DmaFence, b: DmaFence): Promise<void> {
  const merged = mergeFences([a, b]);
  try {
    await merged.wait();
  } finally {
    merged.put();
  }
}
