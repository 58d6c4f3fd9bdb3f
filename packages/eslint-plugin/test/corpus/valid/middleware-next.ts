import type { DmaFence } from '@dma-fence/core';
type Handler = (fence: DmaFence, next: () => Promise<void>) => Promise<void>;
export function compose(handlers: readonly Handler[]) {
  return async (fence: DmaFence): Promise<void> => {
    const ref = fence.get();
    const dispatch = (i: number): Promise<void> => {
      const h = handlers[i];
      return h ? h(ref, () => dispatch(i + 1)) : Promise.resolve();
    };
    try {
      await dispatch(0);
    } finally {
      ref.put();
    }
  };
}
