import type { DmaFence, DriverFence } from '@dma-fence/core';

abstract class Task {
  protected readonly fence: DriverFence;

  /** @consumes fence */
  constructor(fence: DriverFence) {
    this.fence = fence;
  }

  abstract run(): Promise<void>;

  get done(): DmaFence {
    return this.fence.get();
  }

  dispose(): void {
    this.fence.put();
  }
}

export class Blur extends Task {
  readonly #dependency: DmaFence;

  constructor(fence: DriverFence, dependency: DmaFence) {
    super(fence.get());
    this.#dependency = dependency.get();
  }

  async run(): Promise<void> {
    await this.#dependency.wait();
    this.fence.signal();
  }

  override dispose(): void {
    this.#dependency.put();
    super.dispose();
  }
}
