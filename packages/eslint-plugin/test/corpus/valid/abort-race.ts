import type { DmaFence } from '@dma-fence/core';
export async function waitOr(fence: DmaFence, ac: AbortController, ms: number): Promise<boolean> {
  const ref = fence.get();
  const timer = setTimeout(() => ac.abort(), ms);
  try {
    await ref.wait({ signal: ac.signal });
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
    ref.put();
  }
}
