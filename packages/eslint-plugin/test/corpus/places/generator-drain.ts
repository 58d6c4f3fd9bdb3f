import { type DmaFence } from '@dma-fence/core';

export class G {
  readonly #q: DmaFence[] = [];
  add(f: DmaFence) {
    this.#q.push(f.get());
  }
  *drain(): Generator<DmaFence> {
    for (;;) {
      const f = this.#q.shift();
      if (f === undefined) return;
      try {
        yield f;
      } finally {
        f.put();
      }
    }
  }
}
