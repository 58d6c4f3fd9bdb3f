import { type DmaFence } from '@dma-fence/core';

export class S {
  private f: DmaFence | undefined;
  private readonly list: DmaFence[] = [];
  set(f: DmaFence) {
    this.f?.put();
    this.f = f.get();
    this.list.push(f.get());
  }
  reset() {
    this.f?.put();
    this.f = undefined;
    // reports require-field-release
    this.list.length = 0;
  }
  stop() {
    this.list.forEach((f) => {
      f.put();
    });
    this.list.splice(0);
  }
}
