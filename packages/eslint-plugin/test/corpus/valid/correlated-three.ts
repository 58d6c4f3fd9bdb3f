import type { DmaFence, SyncObject } from '@dma-fence/core';
interface Args {
  flags: number;
  in?: SyncObject;
  out?: SyncObject;
}
declare function exec(wait?: DmaFence): DmaFence;
export function ioctl({ flags, in: input, out }: Args): number {
  const hasIn = (flags & 1) !== 0 && input !== undefined;
  const hasOut = (flags & 2) !== 0;
  const wait = hasIn ? input.fence() : undefined;
  const done = exec(wait);
  if (hasOut) out?.replace(done);
  if (hasIn) wait?.put();
  done.put();
  return 0;
}
