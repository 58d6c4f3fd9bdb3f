import type { DmaFence } from '@dma-fence/core';
interface Entry<T> {
  value: T;
  idle: DmaFence;
}
export class Pool<T extends object> {
  readonly #free: Entry<T>[] = [];
  constructor(private readonly make: () => T) {}
  async acquire(): Promise<T> {
    const entry = this.#free.shift();
    if (entry === undefined) return this.make();
    try {
      await entry.idle.wait();
      return entry.value;
    } finally {
      entry.idle.put();
    }
  }
  release(value: T, idle: DmaFence): void {
    this.#free.push({ value, idle: idle.get() });
  }
  tryAcquire(): T | undefined {
    const i = this.#free.findIndex((e) => e.idle.poll());
    if (i < 0) return undefined;
    const [entry] = this.#free.splice(i, 1);
    entry!.idle.put();
    return entry!.value;
  }
  destroy(): void {
    while (this.#free.length > 0) this.#free.pop()!.idle.put();
  }
}
