import type { DmaFence } from '@dma-fence/core';

declare class Entity {
  fenceAt(index: number): DmaFence | undefined;
}
declare const log: { error(...args: unknown[]): void };

export async function waitPrev(entity: Entity, index: number): Promise<number> {
  const other = entity.fenceAt(index);
  if (!other) return 0;
  let r = 0;
  try {
    await other.wait();
  } catch (e) {
    log.error('waiting for fence', index, e);
    r = -4;
  }
  other.put();
  if (r) log.error(other.seqno);
  return r;
}
