import { type DmaFence } from '@dma-fence/core';

export function createPool() {
  const list: DmaFence[] = [];
  return {
    add(f: DmaFence) {
      list.push(f.get());
    },
    reset() {
      for (const f of list) f.put();
      list.length = 0;
    },
    close() {
      while (list.length > 0) list.pop()?.put();
    },
  };
}
