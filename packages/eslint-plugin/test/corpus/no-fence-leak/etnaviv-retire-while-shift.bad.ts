import type { DmaFence } from '@dma-fence/core';

class Gpu {
  #active: DmaFence[] = [];
  track(f: DmaFence): void {
    this.#active.push(f.get());
  }
  retire(): number {
    let n = 0;
    while (this.#active.length) {
      // reports no-fence-leak
      const f = this.#active.shift()!;
      if (!f.signaled) return n;
      n++;
      f.put();
    }
    return n;
  }
}
export default Gpu;
