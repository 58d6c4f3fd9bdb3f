import type { DmaFence, DmaFenceContext } from '@dma-fence/core';
declare function render(): Promise<void>;
export function frame(ctx: DmaFenceContext): DmaFence {
  const f = ctx.createFence();
  void f
    .signalAfter(async () => {
      await render();
    })
    .finally(() => f.put());
  return f.get();
}
