import type { DmaFence } from '@dma-fence/core';
export async function suspendAll(queues: { last?: DmaFence; stop(): void }[]): Promise<boolean> {
  const waits: { fence: DmaFence; stop: () => void }[] = [];
  for (const q of queues) {
    if (!q.last || q.last.signaled) continue;
    waits.push({ fence: q.last.get(), stop: () => q.stop() });
  }
  let clean = true;
  for (const { fence, stop } of waits) {
    try {
      await fence.wait({ timeoutMs: 1000 });
    } catch {
      clean = false;
    }
    stop();
    fence.put();
  }
  return clean;
}
