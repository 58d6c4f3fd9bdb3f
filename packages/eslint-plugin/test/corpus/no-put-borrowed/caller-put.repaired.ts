import { type DmaFence, waitAll } from '@dma-fence/core';

const seen = new WeakSet<DmaFence>();

export async function check(fence: DmaFence, deadline: number): Promise<boolean> {
  if (seen.has(fence)) return fence.signaled;
  seen.add(fence);
  fence.setDeadline(deadline);
  try {
    await waitAll([fence], { timeoutMs: deadline - performance.now() });
    return true;
  } catch {
    return false;
  }
}
