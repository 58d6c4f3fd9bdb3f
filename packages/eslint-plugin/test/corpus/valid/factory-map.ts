import type { DmaFence } from '@dma-fence/core';
class Handle {
  constructor(private readonly fence: DmaFence) {}
  release(): void {
    this.fence.put();
  }
}
export function handles(list: readonly DmaFence[]): Handle[] {
  return list.map((f) => new Handle(f.get()));
}
export function one(list: readonly DmaFence[]): Handle | undefined {
  const first = list[0]?.get();
  return first && new Handle(first);
}
