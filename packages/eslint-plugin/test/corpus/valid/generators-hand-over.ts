import { type DmaFence, type Owned } from '@dma-fence/core';

// Each fence that such an iterator gives out belongs to who asked for it.
export function g3(all: IterableIterator<Owned>, out: DmaFence[]): void {
  for (const fence of all) out.push(fence);
}
export function g4(all: Generator<Owned, void>): void {
  for (using fence of all) fence.poll();
}
export async function g5(all: AsyncGenerator<Owned, void>): Promise<void> {
  for await (const fence of all) {
    try {
      await fence.wait();
    } finally {
      fence.put();
    }
  }
}
export function g6(all: Generator<DmaFence, void>): void {
  for (const fence of all) fence.poll();
}
export async function g7(all: AsyncGenerator<Owned, void>): Promise<DmaFence | undefined> {
  for await (const fence of all) return fence;
  return undefined;
}
export function g9(list: Owned[]): void {
  for (const fence of list) fence.poll();
}
