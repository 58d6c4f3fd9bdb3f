import type { DmaFence } from '@dma-fence/core';
export class Lazy {
  #value: DmaFence | undefined;
  constructor(private readonly make: () => DmaFence) {}
  /** @borrowed */
  get value(): DmaFence {
    if (this.#value === undefined) this.#value = this.make();
    return this.#value;
  }
  get own(): DmaFence {
    return this.value.get();
  }
  set value(f: DmaFence) {
    this.#value?.put();
    this.#value = f.get();
  }
  dispose(): void {
    this.#value?.put();
    this.#value = undefined;
  }
}
