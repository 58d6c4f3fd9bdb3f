import type { DmaFence } from '@dma-fence/core';
export function createStore() {
  let value: DmaFence | undefined;
  const subs = new Set<() => void>();
  return {
    set(f: DmaFence) {
      const old = value;
      value = f.get();
      old?.put();
      subs.forEach((s) => {
        s();
      });
    },
    get: () => value?.get(),
    subscribe(fn: () => void) {
      subs.add(fn);
      return () => subs.delete(fn);
    },
    destroy() {
      value?.put();
      value = undefined;
    },
  };
}
