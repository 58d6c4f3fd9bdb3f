import { beginSignalling, type DriverFence } from '@dma-fence/core';
declare function retire(f: DriverFence): void;
export function irq(fences: Iterable<DriverFence>): void {
  const s = beginSignalling();
  try {
    for (const f of fences) {
      const r = f.get();
      try {
        retire(r);
        if (!r.signal()) continue;
      } finally {
        r.put();
      }
    }
  } finally {
    s.end();
  }
}
