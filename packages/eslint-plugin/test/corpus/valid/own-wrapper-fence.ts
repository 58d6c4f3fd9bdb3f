import type { DmaFence } from '@dma-fence/core';
export class GpuFence {
  constructor(
    readonly inner: DmaFence,
    readonly ring: number,
  ) {
    inner.get();
  }
  get signaled(): boolean {
    return this.inner.signaled;
  }
  async wait(): Promise<void> {
    await this.inner.wait();
  }
  dispose(): void {
    this.inner.put();
  }
}
export const wrap = (f: DmaFence, ring: number): GpuFence => new GpuFence(f, ring);
