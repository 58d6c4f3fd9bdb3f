import { type DmaFence } from '@dma-fence/core';

export class P {
  readonly #wait = new Map<number, DmaFence>();
  readonly #run = new Map<number, DmaFence>();
  queue(id: number, f: DmaFence) {
    this.#wait.set(id, f.get());
  }
  start(id: number) {
    const f = this.#wait.get(id);
    if (!f) return;
    // reports require-field-release
    this.#wait.delete(id);
  }
  end(id: number) {
    const f = this.#run.get(id);
    if (!f) return;
    this.#run.delete(id);
    f.put();
  }
  cancel(id: number) {
    const f = this.#wait.get(id);
    if (f) {
      this.#wait.delete(id);
      f.put();
    }
  }
}
