import type { DmaFence } from '@dma-fence/core';
export class Entity {
  private lastScheduled: DmaFence | undefined;
  private stopped = false;
  schedule(f: DmaFence): boolean {
    if (this.stopped) return false;
    const prev = this.lastScheduled;
    this.lastScheduled = f.get();
    prev?.put();
    return true;
  }
  async flush(timeoutMs: number): Promise<void> {
    const last = this.lastScheduled?.get();
    if (last === undefined) return;
    try {
      await last.wait({ timeoutMs });
    } finally {
      last.put();
      this.stopped = true;
    }
  }
  fini(): void {
    this.stopped = true;
    this.lastScheduled?.put();
    this.lastScheduled = undefined;
  }
}
