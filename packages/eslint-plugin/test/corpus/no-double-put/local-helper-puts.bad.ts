// A local function puts the reference, and so does its caller.
import type { DmaFenceContext } from '@dma-fence/core';

export function run(context: DmaFenceContext, isBroken: boolean): void {
  const fence = context.createFence();
  const finish = (): void => {
    // reports no-use-after-put
    fence.signal();
    // reports no-double-put
    fence.put();
  };
  if (isBroken) {
    finish();
  }
  finish();
  console.log('done');
}
