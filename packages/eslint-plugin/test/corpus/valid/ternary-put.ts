import type { DmaFence } from '@dma-fence/core';
export function maybe(f: DmaFence, own: boolean): void {
  const ref = own ? f.get() : f;
  console.log(ref.name);
  own ? ref.put() : void 0;
}
