import { beginSignalling, type DriverFence } from '@dma-fence/core';
export function complete(fences: readonly DriverFence[]): number {
  const outer = beginSignalling();
  let n = 0;
  try {
    for (const fence of fences) {
      const inner = beginSignalling();
      try {
        if (fence.signal()) n++;
      } finally {
        inner.end();
      }
    }
    return n;
  } finally {
    outer.end();
  }
}
