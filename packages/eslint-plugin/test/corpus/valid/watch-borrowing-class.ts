import type { DmaFence } from '@dma-fence/core';
class Watch {
  /** @borrowed */
  readonly #fence: DmaFence;
  /** @borrows fence */
  constructor(fence: DmaFence) {
    this.#fence = fence;
  }
  async done(): Promise<boolean> {
    await this.#fence.wait();
    return this.#fence.status === 'signaled';
  }
}
export async function watch(f: DmaFence): Promise<boolean> {
  const r = f.get();
  try {
    const w = new Watch(r);
    return await w.done();
  } finally {
    r.put();
  }
}
