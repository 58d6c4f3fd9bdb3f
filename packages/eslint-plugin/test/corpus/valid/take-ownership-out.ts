import type { DmaFence } from '@dma-fence/core';
export class Mailbox {
  #f: DmaFence | undefined;
  post(f: DmaFence): DmaFence | undefined {
    const old = this.#f;
    this.#f = f.get();
    return old;
  }
  take(): DmaFence | undefined {
    const f = this.#f;
    this.#f = undefined;
    return f;
  }
  [Symbol.dispose](): void {
    this.take()?.put();
  }
}
