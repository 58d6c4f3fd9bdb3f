import { type DmaFence } from '@dma-fence/core';

export class C {
  readonly #l: [string, DmaFence][] = [];
  add(n: string, f: DmaFence) {
    this.#l.push([n, f.get()]);
  }
  flush() {
    for (const [, f] of this.#l) f.put();
    this.#l.length = 0;
  }
  pop() {
    const e = this.#l.pop();
    if (!e) return;
    const [n, f] = e;
    console.log(n);
    f.put();
  }
}
