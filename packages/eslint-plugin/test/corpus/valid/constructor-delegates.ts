import type { DmaFence, Owned } from '@dma-fence/core';
class Ref {
  constructor(readonly target: Owned) {}
  drop(): void {
    this.target.put();
  }
}
export class Named extends Ref {
  constructor(
    fence: DmaFence,
    readonly label: string,
  ) {
    super(fence.get());
  }
}
export const name = (f: DmaFence, label: string): Named => new Named(f, label);
