import type { DmaFence } from '@dma-fence/core';
export async function consume(src: AsyncIterable<DmaFence>, out: (n: string) => void): Promise<void> {
  for await (const f of src) {
    using ref = f.get();
    await ref.wait();
    out(ref.name);
  }
}
