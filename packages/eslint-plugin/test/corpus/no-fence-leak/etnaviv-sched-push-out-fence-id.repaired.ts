import type { DmaFence, DmaFenceContext } from '@dma-fence/core';

class Idr {
  private readonly slots = new Map<number, DmaFence>();
  private next = 1;
  alloc(fence: DmaFence): number {
    if (this.slots.size > 1024) return -12;
    const id = this.next++;
    this.slots.set(id, fence.get());
    return id;
  }
  dispose(): void {
    for (const fence of this.slots.values()) fence.put();
    this.slots.clear();
  }
}

export function pushJob(ctx: DmaFenceContext, idr: Idr): number {
  const outFence = ctx.createFence();
  const id = idr.alloc(outFence);
  if (id < 0) {
    outFence.fail('ENOMEM');
    outFence.put();
    return id;
  }
  outFence.emit();
  outFence.signal();
  outFence.put();
  return id;
}
