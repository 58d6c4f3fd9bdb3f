import { type DmaFence } from '@dma-fence/core';

export class P {
  readonly #jobs = new Map<number, DmaFence>();
  #id = 0;
  start(f: DmaFence) {
    const id = this.#id++;
    const own = f.get();
    this.#jobs.set(id, own);
    own.addCallback(() => this.#end(id)) || this.#end(id);
  }
  #end(id: number) {
    const f = this.#jobs.get(id);
    // reports require-field-release
    this.#jobs.delete(id);
  }
}
