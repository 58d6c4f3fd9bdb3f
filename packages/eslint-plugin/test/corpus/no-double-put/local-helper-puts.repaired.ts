// A local function puts the reference, and so does its caller.
import type { DmaFenceContext } from '@dma-fence/core';

export function run(context: DmaFenceContext, isBroken: boolean): void {
  const fence = context.createFence();
  const finish = (): void => {
    fence.signal();
    fence.put();
  };
  if (isBroken) {
    finish();
    return;
  }
  finish();
}
