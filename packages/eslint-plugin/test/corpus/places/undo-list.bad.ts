import { type DmaFence } from '@dma-fence/core';

export class U {
  readonly #undo: DmaFence[] = [];
  readonly #redo: DmaFence[] = [];
  do(f: DmaFence) {
    this.#undo.push(f.get());
    for (const r of this.#redo) r.put();
    this.#redo.length = 0;
  }
  undo() {
    // reports no-fence-leak
    const f = this.#undo.pop();
    if (f) {
      return f.seqno;
    }
    return undefined;
  }
  close() {
    for (const f of this.#undo) f.put();
    this.#undo.length = 0;
    for (const f of this.#redo) f.put();
    this.#redo.length = 0;
  }
}
