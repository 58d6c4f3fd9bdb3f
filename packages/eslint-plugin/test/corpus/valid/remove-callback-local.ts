import { FenceCallback, type DmaFence } from '@dma-fence/core';
export async function waitOrAbort(fence: DmaFence, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const ref = fence.get();
  await new Promise<void>((resolve, reject) => {
    const record = new FenceCallback(() => {
      signal.removeEventListener('abort', onAbort);
      ref.put();
      resolve();
    });
    const onAbort = (): void => {
      if (!ref.removeCallback(record)) return;
      ref.put();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    if (!ref.addCallback(record)) {
      signal.removeEventListener('abort', onAbort);
      ref.put();
      resolve();
    }
  });
}
