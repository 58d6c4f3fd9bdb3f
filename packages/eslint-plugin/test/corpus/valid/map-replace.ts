import type { DmaFence } from '@dma-fence/core';
export class Table {
  private byKey = new Map<string, DmaFence>();
  put(key: string, fence: DmaFence): void {
    const old = this.byKey.get(key);
    this.byKey.set(key, fence.get());
    old?.put();
  }
  get(key: string): DmaFence | undefined {
    return this.byKey.get(key)?.get();
  }
  drop(key: string): boolean {
    const f = this.byKey.get(key);
    if (!f) return false;
    this.byKey.delete(key);
    f.put();
    return true;
  }
  clear(): void {
    this.byKey.forEach((f) => f.put());
    this.byKey.clear();
  }
}
