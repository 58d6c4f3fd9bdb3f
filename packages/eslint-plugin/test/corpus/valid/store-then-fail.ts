import { FenceError, type DmaFence } from '@dma-fence/core';
export class Slots {
  readonly #slots = new Map<string, DmaFence>();
  reserve(key: string, f: DmaFence, check: () => boolean): void {
    const ref = f.get();
    this.#slots.set(key, ref);
    if (!check()) {
      this.#slots.delete(key);
      ref.put();
      throw new FenceError('EINVAL', key);
    }
  }
  clear(): void {
    for (const [, f] of this.#slots) f.put();
    this.#slots.clear();
  }
}
