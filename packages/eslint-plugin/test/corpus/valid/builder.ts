import { fenceArray, type DmaFence } from '@dma-fence/core';
export class WaitSet {
  private readonly members: DmaFence[] = [];
  add(fence: DmaFence | undefined): this {
    if (fence && !fence.signaled) this.members.push(fence.get());
    return this;
  }
  build(): DmaFence {
    const out = fenceArray(this.members);
    this.reset();
    return out;
  }
  private reset(): void {
    for (const m of this.members.splice(0)) m.put();
  }
}
export const both = (a: DmaFence, b?: DmaFence): DmaFence => new WaitSet().add(a).add(b).build();
