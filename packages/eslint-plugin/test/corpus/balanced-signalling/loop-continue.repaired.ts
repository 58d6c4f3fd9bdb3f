// The section of a round is not ended when the round is skipped.
import { beginSignalling, type DriverFence } from '@dma-fence/core';

export function signalSome(fences: readonly DriverFence[]): void {
  for (const fence of fences) {
    if (fence.signaled) continue;
    const section = beginSignalling();
    fence.signal();
    section.end();
  }
}
