import { type DmaFence } from '@dma-fence/core';

export async function x(f: DmaFence) {
  const a = f.get();
  await a
    .wait()
    .then(() => {
      console.log(1);
    })
    .finally(() => {
      a.put();
    });
}
