import type { DmaFence, DmaFenceContext, DriverFence } from '@dma-fence/core';
export interface Pair {
  producer: DriverFence;
  consumer: DmaFence;
}
export const pair = (ctx: DmaFenceContext): Pair => {
  const producer = ctx.createFence();
  return { producer, consumer: producer.get() };
};
