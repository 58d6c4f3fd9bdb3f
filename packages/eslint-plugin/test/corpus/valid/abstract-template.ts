import type { DmaFence } from '@dma-fence/core';
export abstract class Task<R> {
  protected abstract fence(): DmaFence | undefined;
  protected abstract work(): Promise<R>;
  async run(): Promise<R> {
    const f = this.fence();
    if (f) {
      try {
        await f.wait();
      } finally {
        f.put();
      }
    }
    return this.work();
  }
}
export class Impl extends Task<number> {
  constructor(private src: DmaFence) {
    super();
    src.get();
  }
  protected override fence(): DmaFence {
    return this.src.get();
  }
  protected override async work(): Promise<number> {
    this.src.put();
    return 1;
  }
}
