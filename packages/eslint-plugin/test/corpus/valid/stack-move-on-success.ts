import type { DmaFence } from '@dma-fence/core';
export class Batch implements Disposable {
  readonly #stack: DisposableStack;
  readonly fences: readonly DmaFence[];
  constructor(list: readonly DmaFence[]) {
    using stack = new DisposableStack();
    this.fences = list.map((f) => stack.use(f.get()));
    if (this.fences.length === 0) throw new RangeError('empty');
    this.#stack = stack.move();
  }
  [Symbol.dispose](): void {
    this.#stack.dispose();
  }
}
