import type { DmaFence, DriverFence } from '@dma-fence/core';
export function asDriver(f: DmaFence): DriverFence | null {
  const ref = f.get() as DriverFence;
  if (typeof ref.signal !== 'function') {
    ref.put();
    return null;
  }
  return ref;
}
