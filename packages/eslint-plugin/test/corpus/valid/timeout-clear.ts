import type { DmaFence } from '@dma-fence/core';
export function waitAtMost(fence: DmaFence, ms: number): Promise<boolean> {
  const ref = fence.get();
  return new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => finish(false), ms);
    let done = false;
    function finish(ok: boolean): void {
      if (done) return;
      done = true;
      clearTimeout(timer);
      ref.put();
      resolve(ok);
    }
    ref.wait().then(
      () => finish(true),
      () => finish(true),
    );
  });
}
