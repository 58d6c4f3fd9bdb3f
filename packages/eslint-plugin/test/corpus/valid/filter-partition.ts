import type { DmaFence } from '@dma-fence/core';
export class Tracker {
  private live: DmaFence[] = [];
  add(f: DmaFence): void {
    this.live.push(f.get());
  }
  sweep(): void {
    const done = this.live.filter((f) => f.signaled);
    this.live = this.live.filter((f) => !f.signaled);
    for (const f of done) f.put();
  }
  destroy(): void {
    this.live.forEach((f) => f.put());
    this.live = [];
  }
}
