import { type DmaFence, type Owned } from '@dma-fence/core';

export function x(p: Promise<Owned<DmaFence>>) {
  return p.then((f) => {
    f.put();
  });
}
