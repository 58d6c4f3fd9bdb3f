import type { DmaFence, SyncObject } from '@dma-fence/core';
export const nextFence = (o: SyncObject): Promise<DmaFence> =>
  new Promise((resolve, reject) => {
    const t = setInterval(() => {
      const f = o.fence();
      if (f) {
        clearInterval(t);
        resolve(f);
      }
    }, 5);
    setTimeout(() => {
      clearInterval(t);
      reject(new Error('late'));
    }, 1000);
  });
