import { DmaFenceContext, type DmaFence } from '@dma-fence/core';

const display = new DmaFenceContext({ driverName: 'kms', timelineName: 'flip' });

export class SwapChain {
  #front: DmaFence | undefined;
  #back: DmaFence | undefined;
  #flips = 0;
  #closed = false;

  /** Queues the drawing of the back buffer. */
  draw(paint: () => Promise<void>): void {
    if (this.#back) throw new Error('the back buffer is being drawn');
    this.#back = display.run(paint);
  }

  async swap(): Promise<boolean> {
    const next = this.#back;
    if (!next) return false;
    this.#back = undefined;
    try {
      await next.wait({ timeoutMs: 100 });
    } catch {
      next.put();
      return false;
    }
    if (this.#closed) {
      next.put();
      return false;
    }
    // reports require-field-release
    this.#front = next;
    this.#flips++;
    return true;
  }

  get flips(): number {
    return this.#flips;
  }

  close(): void {
    this.#closed = true;
    this.#front?.put();
    this.#back?.put();
    this.#front = undefined;
    this.#back = undefined;
  }
}
