import { type DmaFence } from '@dma-fence/core';

export class G {
  readonly #m = new Map<string, DmaFence>();
  add(k: string, f: DmaFence) {
    if (this.#m.has(k)) throw new Error('twice');
    this.#m.set(k, f.get());
  }
  *ready() {
    for (const [k, f] of this.#m) if (f.signaled) yield k;
  }
  remove(k: string): boolean {
    const f = this.#m.get(k);
    if (!f) return false;
    // reports require-field-release
    return this.#m.delete(k);
  }
}
