import { beginSignalling, type DriverFence, type SignallingSection } from '@dma-fence/core';
export class Critical {
  #section: SignallingSection | undefined;
  enter(): void {
    this.#section = beginSignalling();
  }
  leave(): void {
    this.#section?.end();
    this.#section = undefined;
  }
  run(fences: Iterable<DriverFence>): void {
    this.enter();
    try {
      for (const f of fences) f.signal();
    } finally {
      this.leave();
    }
  }
}
