import { type DmaFence } from '@dma-fence/core';

export class H implements Disposable {
  readonly #stack = new DisposableStack();
  #f: DmaFence | undefined;
  set(f: DmaFence) {
    this.#f?.put();
    this.#f = f.get();
  }
  [Symbol.dispose]() {
    this.#f?.put();
    this.#f = undefined;
    this.#stack.dispose();
  }
}
