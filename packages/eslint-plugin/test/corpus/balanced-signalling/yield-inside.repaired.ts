// A generator hands control away inside a section.
import { beginSignalling, type DriverFence } from '@dma-fence/core';

export function* finishAll(fences: readonly DriverFence[]): Generator<number> {
  for (const fence of fences) {
    {
      using section = beginSignalling();
      fence.signal();
    }
    yield fence.seqno;
  }
}
