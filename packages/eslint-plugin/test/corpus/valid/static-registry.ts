import type { DmaFence } from '@dma-fence/core';
export class Global {
  static #current: DmaFence | undefined;
  static set current(f: DmaFence | undefined) {
    Global.#current?.put();
    Global.#current = f?.get();
  }
  static get current(): DmaFence | undefined {
    return Global.#current;
  }
}
