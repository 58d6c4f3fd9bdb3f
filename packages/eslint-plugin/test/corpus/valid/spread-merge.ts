import { mergeFences, type DmaFence } from '@dma-fence/core';
export class Accumulator {
  #fence: DmaFence | undefined;
  add(...more: DmaFence[]): void {
    const parts = this.#fence ? [this.#fence, ...more] : more;
    const next = mergeFences(parts);
    this.#fence?.put();
    this.#fence = next;
  }
  take(): DmaFence | undefined {
    const { ['constructor']: _ } = this;
    const f = this.#fence;
    this.#fence = undefined;
    return f;
  }
}
