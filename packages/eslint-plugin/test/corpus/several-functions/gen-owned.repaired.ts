import { type DmaFence } from '@dma-fence/core';

function* each(fs: readonly DmaFence[]) {
  for (const f of fs) {
    const own = f.get();
    try {
      yield own;
    } finally {
      own.put();
    }
  }
}
export function x(fs: readonly DmaFence[]) {
  for (const f of each(fs)) console.log(f.seqno);
}
