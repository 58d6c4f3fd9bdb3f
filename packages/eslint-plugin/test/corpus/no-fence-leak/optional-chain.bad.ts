import type { DmaFence } from '@dma-fence/core';

interface Surface {
  readonly acquire?: DmaFence;
  readonly children?: readonly Surface[];
}

export async function ready(surface: Surface | undefined, timeoutMs: number): Promise<boolean> {
  // reports no-fence-leak
  const held = surface?.acquire?.get();
  if (timeoutMs < 0) return false;
  try {
    await held?.wait({ timeoutMs });
    for (const child of surface?.children ?? []) if (!(await ready(child, timeoutMs))) return false;
    return true;
  } finally {
    held?.put();
  }
}
