import type { DmaFence } from '@dma-fence/core';
interface Req {
  fence?: DmaFence;
  n: number;
}
export function fill(r: Req, f: DmaFence): Req {
  return Object.assign(r, { fence: f.get() });
}
export function spread(r: Req, f: DmaFence): Req {
  return { ...r, fence: f.get() };
}
