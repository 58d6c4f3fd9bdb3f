import { FenceCallback, type DmaFence } from '@dma-fence/core';

declare function log(line: string): void;

/** Prints the order in which fences signal; the returned function stops it. */
export function observe(fences: readonly DmaFence[]): () => void {
  const records: { fence: DmaFence; record: FenceCallback }[] = [];
  for (const fence of fences) {
    const record = new FenceCallback(() => log(fence.name));
    if (!fence.addCallback(record)) {
      log(fence.name);
      continue;
    }
    records.push({ fence: fence.get(), record });
  }
  return () => {
    for (const { fence, record } of records.splice(0)) {
      fence.removeCallback(record);
      fence.put();
    }
  };
}
