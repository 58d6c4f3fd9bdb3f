import { beginSignalling, type DriverFence, type SignallingSection } from '@dma-fence/core';

interface Options {
  readonly annotate: boolean;
}

export function complete(fences: readonly DriverFence[], { annotate }: Options): void {
  const section: SignallingSection | undefined = annotate ? beginSignalling() : undefined;
  try {
    for (const fence of fences) fence.signal();
  } finally {
    section?.end();
  }
}
