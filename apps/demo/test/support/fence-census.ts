import { addFenceTracer, type DmaFence } from '@dma-fence/core';

/** Counts fences from creation to release, so that a test can say that none was left behind. */
export class FenceCensus implements Disposable {
  readonly #alive = new Set<DmaFence>();
  readonly #tracer = addFenceTracer({
    init: (fence) => {
      // The stub is always there.
      if (fence.context.id > 0) this.#alive.add(fence);
    },
    destroy: (fence) => {
      this.#alive.delete(fence);
    },
  });

  /** Names of the fences that are still referenced. */
  get alive(): string[] {
    return [...this.#alive].map(({ name }) => name);
  }

  [Symbol.dispose](): void {
    this.#tracer[Symbol.dispose]();
  }
}
