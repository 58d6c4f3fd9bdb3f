// An acquire context without a name cannot give its locks back.
import { AcquireContext, type DmaReservation } from '@dma-fence/core';

export async function lockBoth(a: DmaReservation, b: DmaReservation): Promise<void> {
  // reports no-floating-fence
  await a.lock(new AcquireContext());
  console.log(b);
}
