import type { DmaFence, DriverFence, FenceCallback, FenceError } from '@dma-fence/core';
import { producerRecord } from '@dma-fence/core/producer';
import { putHeld } from './dependencies.js';

/** The fence that work has handed over: the job is over when it is. */
export class Hardware {
  #fence: DmaFence | undefined;
  #record: FenceCallback<Hardware> | undefined = undefined;
  readonly #over: (error: FenceError | undefined) => void;

  /** @consumes fence */
  constructor(fence: DmaFence, over: (error: FenceError | undefined) => void) {
    this.#fence = fence;
    this.#over = over;
  }

  get fence(): DmaFence | undefined {
    return this.#fence;
  }

  /** Waits for it; it may be over, or dropped by whoever made it. */
  follow(): void {
    const fence = this.#fence as DmaFence;
    const record = (this.#record = producerRecord((_fence, { data }) => {
      data.#end();
    }, this as Hardware));
    if (fence.refCount === 0 || !fence.addCallback(record)) this.#end();
  }

  wanted(deadline: number): void {
    const fence = this.#fence;
    if (fence !== undefined && fence.refCount > 0) fence.setDeadline(deadline);
  }

  #end(): void {
    const fence = this.#fence;
    if (fence === undefined) return;
    const { error } = fence;
    this.drop();
    this.#over(error);
  }

  /**
   * Lets it go. One that is pending, and that nobody else holds, is known never to signal: it fails with `error`, so that nothing is
   * dropped silently.
   */
  drop(error?: FenceError): void {
    const fence = this.#fence;
    this.#fence = undefined;
    this.#record?.[Symbol.dispose]();
    if (fence === undefined) return;
    if (error !== undefined && fence.refCount === 1 && !fence.signaled) (fence as DriverFence).fail(error);
    putHeld(fence);
  }
}
