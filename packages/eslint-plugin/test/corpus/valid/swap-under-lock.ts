import type { DmaFence, DmaReservation } from '@dma-fence/core';
export class Slot {
  #f: DmaFence | undefined;
  constructor(private resv: DmaReservation) {}
  async swap(next: DmaFence | undefined): Promise<void> {
    using _lock = await this.resv.lock();
    [this.#f, next] = [next?.get(), this.#f];
    next?.put();
  }
  dispose(): void {
    this.#f?.put();
    this.#f = undefined;
  }
}
