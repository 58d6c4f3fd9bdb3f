import type { DmaFence, Owned } from '@dma-fence/core';
export class Mailbox {
  #box: DmaFence | null = null;
  post(fence: Owned<DmaFence>): void;
  post(fence: null): void;
  post(fence: Owned<DmaFence> | null): void {
    this.#box?.put();
    this.#box = fence;
  }
  peek(): DmaFence | null {
    return this.#box?.get() ?? null;
  }
}
export function forward(m: Mailbox, f: DmaFence): void {
  m.post(f.get());
  m.post(null);
}
