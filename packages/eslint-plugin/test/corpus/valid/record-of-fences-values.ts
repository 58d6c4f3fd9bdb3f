import type { DmaFence } from '@dma-fence/core';
export function dropAll(table: Record<string, DmaFence | undefined>): void {
  for (const [key, fence] of Object.entries(table)) {
    fence?.put();
    table[key] = undefined;
  }
}
