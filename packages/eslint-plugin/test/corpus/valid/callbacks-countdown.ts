import type { DmaFence } from '@dma-fence/core';
export function whenAll(fences: readonly DmaFence[], done: () => void): void {
  let left = fences.length;
  if (left === 0) {
    done();
    return;
  }
  const one = (): void => {
    if (--left === 0) done();
  };
  for (const f of fences) if (!f.addCallback(one)) one();
}
