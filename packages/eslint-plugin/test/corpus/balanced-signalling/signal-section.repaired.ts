import { beginSignalling, type DriverFence } from '@dma-fence/core';

interface Completion {
  readonly seqno: number;
  readonly failed: boolean;
}

export function onInterrupt(pending: Map<number, DriverFence>, completions: readonly Completion[]): number {
  let handled = 0;
  const section = beginSignalling();
  for (const { seqno, failed } of completions) {
    const fence = pending.get(seqno);
    if (fence === undefined) {
      if (seqno < 0) break;
      continue;
    }
    if (failed) fence.fail('EIO');
    else fence.signal();
    pending.delete(seqno);
    fence.put();
    handled += 1;
  }
  section.end();
  return handled;
}
