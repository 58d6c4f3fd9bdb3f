import type { DmaFence } from '@dma-fence/core';

export class SchedEntity implements Disposable {
  private lastScheduled?: DmaFence;
  private dependency?: DmaFence;
  push(fence: DmaFence, dep: DmaFence): void {
    this.lastScheduled?.put();
    this.lastScheduled = fence.get();
    this.dependency?.put();
    // reports require-field-release
    this.dependency = dep.get();
  }
  [Symbol.dispose](): void {
    this.lastScheduled?.put();
    this.lastScheduled = undefined;
  }
}
