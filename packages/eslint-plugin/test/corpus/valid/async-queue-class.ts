import type { DmaFence } from '@dma-fence/core';
export class AsyncQueue {
  #waiters: ((f: DmaFence) => void)[] = [];
  #ready: DmaFence[] = [];
  put(f: DmaFence): void {
    const waiter = this.#waiters.shift();
    if (waiter) waiter(f.get());
    else this.#ready.push(f.get());
  }
  take(): Promise<DmaFence> {
    const f = this.#ready.shift();
    if (f) return Promise.resolve(f);
    return new Promise((resolve) => this.#waiters.push(resolve));
  }
}
export async function consume(q: AsyncQueue): Promise<string> {
  using f = await q.take();
  return f.name;
}
