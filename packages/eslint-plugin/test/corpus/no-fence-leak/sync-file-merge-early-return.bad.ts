import { mergeFences, type DmaFence } from '@dma-fence/core';

export class SyncFile {
  readonly #fence: DmaFence;
  constructor(fence: DmaFence) {
    this.#fence = fence.get();
  }
  static merge(a: SyncFile, b: SyncFile, name: string): SyncFile | null {
    // reports no-fence-leak
    const merged = mergeFences([a.#fence, b.#fence]);
    if (name.length > 31) return null;
    const file = new SyncFile(merged);
    merged.put();
    return file;
  }
  close(): void {
    this.#fence.put();
  }
}
