import type { DmaFence } from '@dma-fence/core';
interface Ready {
  kind: 'ready';
}
interface Busy {
  kind: 'busy';
  fence: DmaFence;
}
type Slot = Ready | Busy;
const isBusy = (s: Slot): s is Busy => s.kind === 'busy';
export function settle(slots: Slot[]): void {
  slots.forEach((slot, i) => {
    if (!isBusy(slot) || !slot.fence.signaled) return;
    const { fence } = slot;
    slots[i] = { kind: 'ready' };
    fence.put();
  });
}
export const busy = (f: DmaFence): Slot => ({ kind: 'busy', fence: f.get() });
