import { FenceCallback, type DmaFence } from '@dma-fence/core';
export class Dependency implements Disposable {
  #fence: DmaFence | undefined;
  readonly #record = new FenceCallback(() => this.#done());
  constructor(private readonly onReady: () => void) {}
  set(fence: DmaFence): void {
    if (this.#record.pending) throw new Error('busy');
    this.#fence = fence.get();
    if (!fence.addCallback(this.#record)) this.#done();
  }
  #done(): void {
    const fence = this.#fence;
    this.#fence = undefined;
    fence?.put();
    this.onReady();
  }
  [Symbol.dispose](): void {
    if (this.#fence?.removeCallback(this.#record)) {
      this.#fence.put();
      this.#fence = undefined;
    }
  }
}
