import type { DmaFence } from '@dma-fence/core';
export namespace Registry {
  const table: Record<string, DmaFence> = Object.create(null);
  export function put(key: string, f: DmaFence): void {
    table[key]?.put();
    table[key] = f.get();
  }
  export function take(key: string): DmaFence | undefined {
    const f = table[key];
    delete table[key];
    return f;
  }
}
