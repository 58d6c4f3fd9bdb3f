import { type DmaFence } from '@dma-fence/core';

export class W {
  readonly #w = new Map<number, DmaFence>();
  watch(f: DmaFence, done: () => void) {
    const id = f.seqno;
    if (this.#w.has(id)) return;
    this.#w.set(id, f.get());
    const fire = () => {
      const own = this.#w.get(id);
      this.#w.delete(id);
      own?.put();
      done();
    };
    if (!f.addCallback(fire)) fire();
  }
  stop() {
    for (const f of this.#w.values()) f.put();
    this.#w.clear();
  }
}
