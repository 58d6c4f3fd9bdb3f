import type { DmaFence } from '@dma-fence/core';

export class Plane {
  #current: DmaFence | undefined;
  #version = 0;

  flip(next: DmaFence): void {
    this.#current?.put();
    this.#current = next.get();
    this.#version += 1;
  }

  async settled(): Promise<number> {
    const current = this.#current;
    if (current === undefined) return this.#version;
    await current.wait();
    const version = this.#version;
    await Promise.resolve();
    // reports no-borrow-across-await
    return current.poll() ? version : -1;
  }

  [Symbol.dispose](): void {
    this.#current?.put();
    this.#current = undefined;
  }
}
