import { type DmaFence } from '@dma-fence/core';

export class H {
  readonly #m = new Map<string, DmaFence>();
  set(k: string, f: DmaFence) {
    this.take(k)?.put();
    this.#m.set(k, f.get());
  }
  take(k: string): DmaFence | undefined {
    const f = this.#m.get(k);
    this.#m.delete(k);
    return f;
  }
  end() {
    for (const k of [...this.#m.keys()]) this.take(k)?.put();
  }
}
