import { type DmaFence } from '@dma-fence/core';

export class H {
  readonly #l: DmaFence[] = [];
  add(f: DmaFence) {
    this.#l.push(f.get());
  }
  remove(n: number) {
    const i = this.#l.findIndex((f) => f.seqno === n);
    if (i < 0) return;
    const [f] = this.#l.splice(i, 1);
    f?.put();
  }
  removeIt(f: DmaFence) {
    const i = this.#l.indexOf(f);
    if (i === -1) return;
    this.#l.splice(i, 1);
    f.put();
  }
  end() {
    for (const f of this.#l) f.put();
    this.#l.length = 0;
  }
}
