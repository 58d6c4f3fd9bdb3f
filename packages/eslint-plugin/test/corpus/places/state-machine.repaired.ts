import { type DmaFence } from '@dma-fence/core';

export class M {
  #state: 'idle' | 'run' = 'idle';
  #f: DmaFence | undefined;
  begin(f: DmaFence) {
    if (this.#state !== 'idle') throw new Error('busy');
    this.#state = 'run';
    this.#f = f.get();
  }
  end() {
    if (this.#state !== 'run') return;
    this.#state = 'idle';
    this.#f?.put();
    this.#f = undefined;
  }
  abort() {
    this.#f?.put();
    this.#f = undefined;
    this.#state = 'idle';
  }
}
