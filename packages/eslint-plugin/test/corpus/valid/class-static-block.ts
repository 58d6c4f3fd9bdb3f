import { DmaFenceContext, type DriverFence } from '@dma-fence/core';
export class Boot {
  static readonly #context = new DmaFenceContext({ driverName: 'boot', timelineName: 'boot' });
  static #ready: DriverFence;
  static {
    this.#ready = this.#context.createFence();
  }
  static get ready() {
    return this.#ready.get();
  }
  static finish(): void {
    this.#ready.signal();
  }
}
