// Each failed attempt sleeps; the plane may flip meanwhile, and the next turn still asks the old fence.
import type { DmaFence } from '@dma-fence/core';

declare function sleep(ms: number): Promise<void>;

export class Plane {
  current: DmaFence | undefined;

  async retire(attempts: number): Promise<boolean> {
    const fence = this.current;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      // reports no-borrow-across-await
      if (fence?.poll() !== false) return true;
      await sleep(attempt);
    }
    return false;
  }
}
