import type { DmaFence } from '@dma-fence/core';

interface Vm {
  lastUpdate?: DmaFence;
  id: number;
}

export function commit(vm: Vm, update: DmaFence): void {
  vm.lastUpdate?.put();
  vm.lastUpdate = update.get();
}
