import { DmaFenceContext, type DriverFence } from '@dma-fence/core';
export class Unit implements AsyncDisposable {
  static #ctx = new DmaFenceContext({ driverName: 'u', timelineName: 't' });
  readonly done: DriverFence;
  private constructor() {
    this.done = Unit.#ctx.createFence();
  }
  static create(): Unit {
    return new Unit();
  }
  async [Symbol.asyncDispose](): Promise<void> {
    this.done.signal();
    this.done.put();
  }
}
