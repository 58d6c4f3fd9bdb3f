import type { DmaFence } from '@dma-fence/core';
export function hold(fence: DmaFence): Disposable & { readonly fence: DmaFence } {
  const ref = fence.get();
  let live = true;
  return {
    fence: ref,
    [Symbol.dispose]() {
      if (!live) return;
      live = false;
      ref.put();
    },
  };
}
export async function use(f: DmaFence): Promise<void> {
  using held = hold(f);
  await held.fence.wait();
}
