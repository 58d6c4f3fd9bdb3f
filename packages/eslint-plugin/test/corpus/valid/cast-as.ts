import type { DmaFence, DriverFence } from '@dma-fence/core';
export function producerOf(map: Map<number, unknown>, id: number): DriverFence | undefined {
  const f = map.get(id) as DriverFence | undefined;
  return f?.get();
}
export function widen(f: DriverFence): DmaFence {
  return f.get() as DmaFence;
}
