import type { DmaFence, DmaFenceContext, DriverFence } from '@dma-fence/core';
class Payload implements Disposable {
  constructor(readonly dep: DmaFence) {
    dep.get();
  }
  [Symbol.dispose](): void {
    this.dep.put();
  }
}
export const chain = (ctx: DmaFenceContext, dep: DmaFence): DriverFence<Payload> =>
  ctx.createFence(new Payload(dep));
