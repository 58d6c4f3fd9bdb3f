import { type DmaFenceContext, type DmaFence } from '@dma-fence/core';

export function makeJob(ctx: DmaFenceContext) {
  let fence: DmaFence | undefined = ctx.createFence();
  let waiters = 0;
  return {
    join() {
      waiters += 1;
      return waiters;
    },
    leave() {
      waiters -= 1;
      if (waiters === 0 && fence) {
        // reports require-field-release
        fence = undefined;
      }
    },
    kill() {
      fence?.put();
      fence = undefined;
    },
  };
}
