import type { DmaFence } from '@dma-fence/core';
export namespace Registry {
  const table = new Map<number, DmaFence>();
  let next = 1;
  export function register(fence: DmaFence): number {
    const id = next++;
    table.set(id, fence.get());
    return id;
  }
  export function take(id: number): DmaFence | undefined {
    const fence = table.get(id);
    table.delete(id);
    return fence;
  }
  export function drop(id: number): void {
    take(id)?.put();
  }
}
