import type { DmaFence } from '@dma-fence/core';
export class FenceStream implements AsyncIterable<string> {
  readonly #queue: DmaFence[] = [];
  #wake: (() => void) | undefined;
  push(fence: DmaFence): void {
    this.#queue.push(fence.get());
    this.#wake?.();
  }
  async *[Symbol.asyncIterator](): AsyncGenerator<string, void, undefined> {
    for (;;) {
      const next = this.#queue.shift();
      if (next === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      try {
        await next.wait();
        yield next.name;
      } finally {
        next.put();
      }
    }
  }
  close(): void {
    for (const f of this.#queue) f.put();
    this.#queue.length = 0;
  }
}
