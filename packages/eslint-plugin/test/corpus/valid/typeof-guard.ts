import type { DmaFence } from '@dma-fence/core';
export function coerce(x: DmaFence | (() => DmaFence)): DmaFence {
  return typeof x === 'function' ? x() : x.get();
}
export function useIt(x: DmaFence | (() => DmaFence)): string {
  using f = coerce(x);
  return f.name;
}
