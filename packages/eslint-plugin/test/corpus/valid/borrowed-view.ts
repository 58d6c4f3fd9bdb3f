import type { Borrowed, DmaFence } from '@dma-fence/core';
export class View {
  readonly #all: Borrowed<DmaFence>[] = [];
  add(f: DmaFence): void {
    this.#all.push(f);
  }
  pending(): number {
    return this.#all.filter((f) => !f.signaled).length;
  }
  latest(): Borrowed<DmaFence> | undefined {
    return this.#all.at(-1);
  }
}
export const seqno = (v: View): number => v.latest()?.seqno ?? 0;
