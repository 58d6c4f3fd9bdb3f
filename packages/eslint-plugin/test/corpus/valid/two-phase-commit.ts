import type { DmaFence } from '@dma-fence/core';
interface Store {
  begin(): void;
  commit(): void;
  rollback(): void;
}
export function install(store: Store, table: Map<string, DmaFence>, key: string, fence: DmaFence): void {
  const ref = fence.get();
  store.begin();
  try {
    store.commit();
  } catch (error) {
    ref.put();
    store.rollback();
    throw error;
  }
  const old = table.get(key);
  table.set(key, ref);
  old?.put();
}
