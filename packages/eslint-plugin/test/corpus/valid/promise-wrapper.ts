import type { DmaFence } from '@dma-fence/core';
export function signaledAt(f: DmaFence): Promise<number> {
  const ref = f.get();
  return new Promise<number>((resolve, reject) => {
    const settle = () => {
      const { error, timestamp = 0 } = ref;
      ref.put();
      if (error) reject(error);
      else resolve(timestamp);
    };
    if (!ref.addCallback(settle)) settle();
  });
}
