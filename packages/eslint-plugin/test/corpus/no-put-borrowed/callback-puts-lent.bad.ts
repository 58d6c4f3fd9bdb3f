import type { DmaFence } from '@dma-fence/core';
export function chain(f: DmaFence, done: (n: number) => void): boolean {
  return f.addCallback((self) => {
    done(self.seqno);
    // reports no-put-borrowed
    self.put();
  });
}
