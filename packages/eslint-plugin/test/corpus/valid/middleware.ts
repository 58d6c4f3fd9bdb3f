import type { DmaFence } from '@dma-fence/core';
type Next = (f: DmaFence) => Promise<void>;
export const logging =
  (next: Next): Next =>
  async (f) => {
    const t = performance.now();
    await next(f);
    console.debug(f.name, performance.now() - t);
  };
