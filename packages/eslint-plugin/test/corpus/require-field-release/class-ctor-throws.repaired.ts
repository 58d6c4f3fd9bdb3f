import { FenceError, type DmaFence } from '@dma-fence/core';
export class Sub {
  private readonly f: DmaFence;
  constructor(f: DmaFence, n: number) {
    if (n < 0) throw new FenceError('EINVAL', 'n');
    this.f = f.get();
  }
  [Symbol.dispose](): void {
    this.f.put();
  }
}
