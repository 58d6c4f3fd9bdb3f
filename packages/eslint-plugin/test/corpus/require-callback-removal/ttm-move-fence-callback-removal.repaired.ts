import { FenceCallback, type DmaFence } from '@dma-fence/core';

export class Mover implements Disposable {
  readonly #cb = new FenceCallback(() => {
    this.moved = true;
  });
  moved = false;
  #fence: DmaFence | undefined;
  start(fence: DmaFence): void {
    this.#fence?.put();
    this.#fence = fence.get();
    if (!fence.addCallback(this.#cb)) this.moved = true;
  }
  [Symbol.dispose](): void {
    this.#fence?.removeCallback(this.#cb);
    this.#fence?.put();
  }
}
