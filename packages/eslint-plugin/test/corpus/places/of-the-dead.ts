// A reference count of nought says that a fence is gone: there is nothing to put.
import type { DmaFence } from '@dma-fence/core';

const made: DmaFence[] = [];

export function keep(fence: DmaFence): void {
  made.push(fence.get());
}

export function dispose(): void {
  for (const fence of made.splice(0)) {
    if (fence.refCount === 0) continue;
    fence.put();
  }
}

export function local(fences: readonly DmaFence[]): void {
  const own = fences.map((fence) => fence.get());
  for (const fence of own) {
    if (fence.refCount === 0) continue;
    fence.put();
  }
}

export class Slot {
  #fence: DmaFence | undefined;
  ask(other: DmaFence): DmaFence {
    const fence = this.#fence;
    if (fence !== undefined && fence.refCount > 0) return fence;
    this.#fence = other.get();
    return this.#fence;
  }
  clear(): void {
    this.#fence?.put();
    this.#fence = undefined;
  }
}
