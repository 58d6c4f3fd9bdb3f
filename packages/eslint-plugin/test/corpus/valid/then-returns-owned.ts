import type { DmaFence } from '@dma-fence/core';
declare function load(): Promise<DmaFence>;
export const loaded = (): Promise<string> =>
  load().then(async (f) => {
    try {
      await f.wait();
      return f.name;
    } finally {
      f.put();
    }
  });
