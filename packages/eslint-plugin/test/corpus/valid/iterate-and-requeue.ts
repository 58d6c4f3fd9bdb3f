import type { DmaFence } from '@dma-fence/core';
export function rotate(queue: DmaFence[]): number {
  let done = 0;
  for (let n = queue.length; n > 0; n--) {
    const f = queue.shift()!;
    if (f.signaled) {
      f.put();
      done++;
    } else queue.push(f);
  }
  return done;
}
