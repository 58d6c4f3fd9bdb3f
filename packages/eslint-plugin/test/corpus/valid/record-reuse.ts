import { FenceCallback, type DmaFence } from '@dma-fence/core';
export class Watcher implements Disposable {
  readonly #cb = new FenceCallback((f) => {
    this.last = f.seqno;
  });
  #fence: DmaFence | undefined;
  last = 0;
  watch(f: DmaFence): void {
    this.stop();
    this.#fence = f.get();
    if (!this.#fence.addCallback(this.#cb)) this.last = f.seqno;
  }
  stop(): void {
    if (!this.#fence) return;
    this.#fence.removeCallback(this.#cb);
    this.#fence.put();
    this.#fence = undefined;
  }
  [Symbol.dispose](): void {
    this.stop();
  }
}
