import type { DmaFence } from '@dma-fence/core';
export class Gc {
  private live: DmaFence[] = [];
  add(f: DmaFence): void {
    this.live = [...this.live, f.get()];
  }
  run(): void {
    this.live = this.live.filter((f) => {
      if (!f.signaled) return true;
      f.put();
      return false;
    });
  }
  close(): void {
    this.live.forEach((f) => {
      f.put();
    });
    this.live = [];
  }
}
