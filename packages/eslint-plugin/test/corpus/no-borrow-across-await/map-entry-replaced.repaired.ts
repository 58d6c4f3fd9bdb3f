// A slot of the table may be given to another job while this one waits for the lock.
import type { DmaFence, DmaReservation } from '@dma-fence/core';

export class Handles {
  readonly #slots = new Map<number, DmaFence>();

  replace(handle: number, fence: DmaFence): void {
    this.#slots.get(handle)?.put();
    this.#slots.set(handle, fence.get());
  }

  async export(handle: number, reservation: DmaReservation): Promise<string> {
    using fence = this.#slots.get(handle)?.get();
    if (fence === undefined) return '';
    using lock = await reservation.lock();
    fence.enableSignaling();
    lock.copyFrom(reservation);
    return fence.name;
  }
}
