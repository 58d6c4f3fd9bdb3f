import { signaledFence, type DmaFence } from '@dma-fence/core';
export function dependency(f: DmaFence | null, force: boolean): DmaFence {
  const dep = f === null || (f.signaled && !force) ? signaledFence() : f.get();
  if (dep.status === 'failed') {
    dep.put();
    throw new Error('failed');
  }
  return dep;
}
