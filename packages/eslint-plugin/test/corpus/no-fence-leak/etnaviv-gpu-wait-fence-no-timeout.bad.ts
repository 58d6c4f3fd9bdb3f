import type { DmaFence } from '@dma-fence/core';
export async function waitFence(
  lookup: (id: number) => DmaFence | undefined,
  id: number,
  timeout?: number,
): Promise<number> {
  // reports no-fence-leak
  const fence = lookup(id);
  if (!fence) return 0;
  if (timeout === undefined) {
    const ret = fence.poll() ? 0 : -16;
    return ret;
  }
  const ret = await fence.wait({ timeoutMs: timeout }).then(
    () => 0,
    () => -110,
  );
  fence.put();
  return ret;
}
