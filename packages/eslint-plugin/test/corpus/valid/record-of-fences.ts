import type { DmaFence } from '@dma-fence/core';
type Engine = 'render' | 'copy' | 'video';
export class Engines {
  private readonly last: Partial<Record<Engine, DmaFence>> = {};
  note(engine: Engine, fence: DmaFence): void {
    const old = this.last[engine];
    this.last[engine] = fence.get();
    old?.put();
  }
  reset(): void {
    for (const key of Object.keys(this.last) as Engine[]) {
      this.last[key]?.put();
      delete this.last[key];
    }
  }
}
