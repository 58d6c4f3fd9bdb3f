import type { DmaFence } from '@dma-fence/core';
export class Loader {
  #pending: Promise<DmaFence> | undefined;
  constructor(private readonly load: () => Promise<DmaFence>) {}
  async get(): Promise<DmaFence> {
    this.#pending ??= this.load();
    const shared = await this.#pending;
    return shared.get();
  }
}
