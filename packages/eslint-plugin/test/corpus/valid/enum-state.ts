import type { DmaFence, SyncObject } from '@dma-fence/core';
enum Phase {
  Idle,
  Armed,
  Done,
}
export class Machine {
  #phase = Phase.Idle;
  #f: DmaFence | undefined;
  arm(o: SyncObject): boolean {
    if (this.#phase !== Phase.Idle) return false;
    this.#f = o.fence();
    if (!this.#f) return false;
    this.#phase = Phase.Armed;
    return true;
  }
  finish(): void {
    if (this.#phase !== Phase.Armed) return;
    this.#phase = Phase.Done;
    this.#f?.put();
    this.#f = undefined;
  }
}
