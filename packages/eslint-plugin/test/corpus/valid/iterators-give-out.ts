import type { DmaFence } from '@dma-fence/core';
export function a(gen: Generator<DmaFence>): void {
  for (using f of gen) f.poll();
}
export function b(gen: () => Iterable<DmaFence>): void {
  for (using f of gen()) f.poll();
}
export async function c(gen: () => AsyncGenerator<DmaFence>): Promise<void> {
  for await (using f of gen()) await f.wait();
}
export async function d(gen: AsyncIterable<DmaFence>): Promise<void> {
  for await (const f of gen) {
    await f.wait();
    f.put();
  }
}
export async function e(gen: AsyncIterator<DmaFence>): Promise<void> {
  for (let r = await gen.next(); !r.done; r = await gen.next()) {
    await r.value.wait();
    r.value.put();
  }
}
export function g(gen: Iterator<DmaFence>): void {
  for (let r = gen.next(); !r.done; r = gen.next()) {
    using f = r.value;
    f.poll();
  }
}
