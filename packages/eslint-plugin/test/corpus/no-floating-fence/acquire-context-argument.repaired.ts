// An acquire context without a name cannot give its locks back.
import { AcquireContext, type DmaReservation } from '@dma-fence/core';

export async function lockBoth(a: DmaReservation, b: DmaReservation): Promise<void> {
  using acquire = new AcquireContext();
  await a.lock(acquire);
  await b.lock(acquire);
}
