import { signaledFence, type DmaFence } from '@dma-fence/core';
export class Job {
  readonly dep: DmaFence;
  constructor(dep?: DmaFence) {
    this.dep = dep?.get() ?? signaledFence();
  }
  free(): void {
    this.dep.put();
  }
}
