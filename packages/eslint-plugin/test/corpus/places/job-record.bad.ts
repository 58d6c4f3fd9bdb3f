import { type DmaFence } from '@dma-fence/core';

export class P {
  #job: { fence: DmaFence; name: string } | undefined;
  start(f: DmaFence, name: string) {
    this.stop();
    this.#job = { fence: f.get(), name };
  }
  stop() {
    // reports require-field-release
    this.#job = undefined;
  }
  end() {
    if (this.#job) {
      this.#job.fence.put();
      this.#job = undefined;
    }
  }
}
