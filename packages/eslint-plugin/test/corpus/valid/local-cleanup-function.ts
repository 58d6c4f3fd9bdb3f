// A local function puts on every way out.
import type { DmaFenceContext } from '@dma-fence/core';

declare function step(index: number): boolean;

export function run(context: DmaFenceContext): boolean {
  const fence = context.createFence();
  const finish = (isGood: boolean): boolean => {
    if (isGood) fence.signal();
    else fence.fail('EIO');
    fence.put();
    return isGood;
  };
  if (!step(1)) return finish(false);
  if (!step(2)) return finish(false);
  return finish(true);
}
