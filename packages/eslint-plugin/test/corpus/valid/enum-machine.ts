import type { DmaFence, SyncObject } from '@dma-fence/core';
const enum State {
  Idle,
  Waiting,
  Done,
}
export class Machine {
  #state = State.Idle;
  #fence: DmaFence | undefined;
  start(slot: SyncObject): void {
    if (this.#state !== State.Idle) return;
    const fence = slot.fence();
    if (!fence) {
      this.#state = State.Done;
      return;
    }
    this.#fence = fence;
    this.#state = State.Waiting;
  }
  tick(): void {
    switch (this.#state) {
      case State.Waiting:
        if (!this.#fence!.poll()) return;
        this.#fence!.put();
        this.#fence = undefined;
        this.#state = State.Done;
        break;
      case State.Idle:
      case State.Done:
        break;
    }
  }
  dispose(): void {
    this.#fence?.put();
    this.#fence = undefined;
  }
}
