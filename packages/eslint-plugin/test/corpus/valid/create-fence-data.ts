import { DmaFenceContext, type DmaFence, type DriverFence } from '@dma-fence/core';
class Payload implements Disposable {
  constructor(readonly source: DmaFence) {}
  [Symbol.dispose](): void {
    this.source.put();
  }
}
const context = new DmaFenceContext({ driverName: 'd', timelineName: 't' });
export function wrap(source: DmaFence): DriverFence<Payload> {
  return context.createFence(new Payload(source.get()));
}
