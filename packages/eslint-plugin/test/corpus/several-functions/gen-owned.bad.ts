import { type DmaFence } from '@dma-fence/core';

function* each(fs: readonly DmaFence[]) {
  for (const f of fs) {
    const own = f.get();
    yield own;
  }
}
export function x(fs: readonly DmaFence[]) {
  // reports no-fence-leak
  for (const f of each(fs)) console.log(f.seqno);
}
