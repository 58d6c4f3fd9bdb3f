import { FenceError, type DmaFence, type DmaFenceContext } from '@dma-fence/core';
declare function arm(i: number): boolean;
export function gang(ctxs: DmaFenceContext[]): DmaFence[] {
  const out: DmaFence[] = [];
  for (let i = 0; i < ctxs.length; i++) {
    // reports no-fence-leak
    const f = ctxs[i]!.createFence();
    out.push(f);
    if (!arm(i)) {
      throw new FenceError('EIO', `ring ${i}`);
    }
  }
  return out;
}
