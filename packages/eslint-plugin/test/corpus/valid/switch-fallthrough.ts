import type { DmaFence, DmaFenceContext } from '@dma-fence/core';
declare function wait(f: DmaFence): void;
export function run(ctx: DmaFenceContext, mode: 'sync' | 'async' | 'none'): DmaFence | null {
  const f = ctx.createFence();
  switch (mode) {
    case 'sync':
      wait(f);
    // falls through
    case 'none':
      f.signal();
      f.put();
      return null;
    default:
      return f;
  }
}
