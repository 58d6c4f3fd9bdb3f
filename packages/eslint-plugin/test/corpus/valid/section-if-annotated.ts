import { beginSignalling, type DriverFence, type SignallingSection } from '@dma-fence/core';
export function complete(fences: DriverFence[], annotate: boolean): void {
  const section: SignallingSection | undefined = annotate ? beginSignalling() : undefined;
  try {
    for (const f of fences) f.signal();
  } finally {
    section?.end();
  }
}
