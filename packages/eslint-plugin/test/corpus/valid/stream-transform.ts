import type { DmaFence } from '@dma-fence/core';
export async function* settled(source: AsyncIterable<DmaFence>): AsyncGenerator<string> {
  for await (const fence of source) {
    await fence.wait();
    yield fence.name;
  }
}
export async function last(source: AsyncIterable<DmaFence>): Promise<DmaFence | undefined> {
  let last: DmaFence | undefined;
  for await (const fence of source) {
    last?.put();
    last = fence.get();
  }
  return last;
}
