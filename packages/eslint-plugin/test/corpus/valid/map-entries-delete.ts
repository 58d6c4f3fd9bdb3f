import type { DmaFence } from '@dma-fence/core';
export class ByHandle {
  readonly #map = new Map<number, { fence: DmaFence; at: number }>();
  set(handle: number, fence: DmaFence, at: number): void {
    const previous = this.#map.get(handle);
    this.#map.set(handle, { fence: fence.get(), at });
    previous?.fence.put();
  }
  expire(before: number): void {
    for (const [handle, { fence, at }] of this.#map) {
      if (at >= before) continue;
      this.#map.delete(handle);
      fence.put();
    }
  }
  remove(handle: number): boolean {
    const entry = this.#map.get(handle);
    if (entry === undefined) return false;
    entry.fence.put();
    return this.#map.delete(handle);
  }
}
