import type { DmaFence } from '@dma-fence/core';
export function all(fences: DmaFence[], done: () => void): void {
  let left = fences.length;
  if (left === 0) return done();
  const tick = () => {
    if (--left === 0) done();
  };
  for (const f of fences) {
    const r = f.get();
    const cb = () => {
      r.put();
      tick();
    };
    if (!r.addCallback(cb)) cb();
  }
}
