import { FenceError, type DmaFence } from '@dma-fence/core';
export class Sub {
  private readonly f: DmaFence;
  constructor(f: DmaFence, n: number) {
    // reports require-field-release
    this.f = f.get();
    if (n < 0) throw new FenceError('EINVAL', 'n');
  }
  [Symbol.dispose](): void {
    this.f.put();
  }
}
