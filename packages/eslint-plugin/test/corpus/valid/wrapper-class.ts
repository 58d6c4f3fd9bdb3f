import type { DmaFence } from '@dma-fence/core';
export class SyncFile implements Disposable {
  readonly #fence: DmaFence;
  #closed = false;
  private constructor(fence: DmaFence) {
    this.#fence = fence;
  }
  static from(fence: DmaFence): SyncFile {
    return new SyncFile(fence.get());
  }
  get signaled(): boolean {
    return this.#fence.signaled;
  }
  dup(): SyncFile {
    if (this.#closed) throw new Error('closed');
    return SyncFile.from(this.#fence);
  }
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#fence.put();
  }
  [Symbol.dispose](): void {
    this.close();
  }
}
