import type { DmaFence } from '@dma-fence/core';
abstract class Holder implements Disposable {
  protected fence: DmaFence | undefined;
  protected hold(f: DmaFence): void {
    this.release();
    this.fence = f.get();
  }
  protected release(): void {
    this.fence?.put();
    this.fence = undefined;
  }
  abstract poke(): void;
  [Symbol.dispose](): void {
    this.release();
  }
}
export class Plane extends Holder {
  #extra: DmaFence | null = null;
  poke(): void {
    this.fence?.poll();
  }
  swap(f: DmaFence): void {
    const prev = this.#extra;
    this.#extra = f.get();
    if (prev) prev.put();
  }
  override [Symbol.dispose](): void {
    super[Symbol.dispose]();
    this.#extra?.put();
    this.#extra = null;
  }
}
