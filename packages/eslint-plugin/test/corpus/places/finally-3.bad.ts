import { type DmaFence } from '@dma-fence/core';

export async function x(f: DmaFence) {
  // reports no-fence-leak
  const a = f.get();
  await a
    .wait()
    .then(() => {
      console.log(1);
    })
    .finally(() => {
      console.log(a.seqno);
    });
}
