import type { DmaFence } from '@dma-fence/core';
export async function all(list: readonly DmaFence[]): Promise<void> {
  await Promise.all(
    list.map(async (f) => {
      const ref = f.get();
      try {
        await ref.wait();
      } finally {
        ref.put();
      }
    }),
  );
}
