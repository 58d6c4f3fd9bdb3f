import { FenceError, type DmaFence, type SyncObject } from '@dma-fence/core';
declare function step(n: number, f: DmaFence): boolean;
export function threeSteps(o: SyncObject): void {
  const f = o.fence();
  if (!f) return;
  const bail = (why: string): never => {
    f.put();
    throw new FenceError('EIO', why);
  };
  if (!step(1, f)) bail('one');
  if (!step(2, f)) bail('two');
  f.put();
}
