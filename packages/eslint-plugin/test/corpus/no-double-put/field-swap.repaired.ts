import type { DmaFence } from '@dma-fence/core';

/** Remembers the last frame's fence for whoever wants to pace itself. */
export class Pacer implements Disposable {
  #last: DmaFence | undefined;
  #frames = 0;

  submitted(fence: DmaFence): void {
    const previous = this.#last;
    this.#last = fence.get();
    this.#frames += 1;
    previous?.put();
  }

  async pace(): Promise<number> {
    using last = this.#last?.get();
    if (last) await last.wait({ timeoutMs: 100 });
    return this.#frames;
  }

  [Symbol.dispose](): void {
    this.#last?.put();
    this.#last = undefined;
  }
}
