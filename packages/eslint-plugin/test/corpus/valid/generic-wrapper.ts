import type { DmaFence } from '@dma-fence/core';
export async function withRef<F extends DmaFence, R>(f: F, fn: (f: F) => Promise<R>): Promise<R> {
  const ref = f.get();
  try {
    return await fn(ref);
  } finally {
    ref.put();
  }
}
export class Box<T extends DmaFence> {
  constructor(private value: T) {
    value.get();
  }
  peek(): T {
    return this.value;
  }
  close(): void {
    this.value.put();
  }
}
