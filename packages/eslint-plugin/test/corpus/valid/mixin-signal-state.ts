import type { DmaFence } from '@dma-fence/core';
type Constructor<T = object> = new (...args: any[]) => T;
export function Fenced<B extends Constructor>(Base: B) {
  return class extends Base {
    #fence: DmaFence | undefined;
    setFence(f: DmaFence | undefined): void {
      const old = this.#fence;
      this.#fence = f?.get();
      old?.put();
    }
    dispose(): void {
      this.setFence(undefined);
    }
  };
}
