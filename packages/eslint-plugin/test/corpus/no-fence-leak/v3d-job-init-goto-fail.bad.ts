import { FenceError, type DmaFence, type DmaFenceContext } from '@dma-fence/core';
type Job = { irq: DmaFence; free(): void };
declare function pmGet(): number;
export function jobInit(ctx: DmaFenceContext): Job {
  // reports no-fence-leak
  const irq = ctx.createFence();
  const ret = pmGet();
  if (ret < 0) {
    throw new FenceError('EIO', `power: ${ret}`);
  }
  return { irq, free: () => irq.put() };
}
