import { type DmaFence } from '@dma-fence/core';

export class S {
  static readonly #all = new Map<number, DmaFence>();
  static add(f: DmaFence) {
    S.#all.get(f.seqno)?.put();
    S.#all.set(f.seqno, f.get());
  }
  static remove(n: number) {
    S.#all.get(n)?.put();
    S.#all.delete(n);
  }
}
