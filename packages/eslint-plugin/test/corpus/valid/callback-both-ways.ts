import type { DmaFence } from '@dma-fence/core';
export function onDone(f: DmaFence, fn: (err?: Error) => void): () => void {
  const ref = f.get();
  let open = true;
  const finish = () => {
    if (!open) return;
    open = false;
    fn(ref.error);
    ref.put();
  };
  if (!ref.addCallback(finish)) queueMicrotask(finish);
  return () => {
    if (open) {
      open = false;
      ref.put();
    }
  };
}
