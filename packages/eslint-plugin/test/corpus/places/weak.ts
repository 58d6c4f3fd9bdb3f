import { type DmaFence } from '@dma-fence/core';

export class H {
  readonly #w = new WeakMap<object, DmaFence>();
  set(o: object, f: DmaFence) {
    this.#w.get(o)?.put();
    this.#w.set(o, f.get());
  }
  drop(o: object) {
    this.#w.get(o)?.put();
    this.#w.delete(o);
  }
}
