import type { DmaFence } from '@dma-fence/core';
export class Job {
  readonly deps: DmaFence[] = [];
  /** @consumes fence */
  // reports no-fence-leak
  addDependency(fence: DmaFence): void {
    for (const [i, have] of this.deps.entries()) {
      if (have.context !== fence.context) continue;
      if (fence.isLaterThan(have)) {
        have.put();
        this.deps[i] = fence;
        return;
      }
      return;
    }
    this.deps.push(fence);
  }
  free(): void {
    for (const d of this.deps) d.put();
    this.deps.length = 0;
  }
}
