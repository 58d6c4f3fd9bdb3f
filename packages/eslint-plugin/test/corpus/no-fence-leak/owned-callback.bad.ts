import type { DmaFence } from '@dma-fence/core';

type Node = { readonly fence: DmaFence; readonly next: Node | undefined };

declare function finished(name: string): void;

/** Keeps a fence alive until it has signaled. */
export function keepAlive(fence: DmaFence): void {
  // reports no-fence-leak
  const held = fence.get();
  const release = (): void => {
    finished(held.name);
    held.put();
  };
  held.addCallback(release) || finished(held.name);
}

export function walk(head: Node | undefined): number {
  let length = 0;
  for (let node = head; node; node = node.next) {
    keepAlive(node.fence);
    length += 1;
  }
  return length;
}
