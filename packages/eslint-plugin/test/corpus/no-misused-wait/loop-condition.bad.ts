// The loop waits for a promise to become false.
import type { SyncObject } from '@dma-fence/core';

export async function spin(sync: SyncObject): Promise<void> {
  // reports no-misused-wait
  while (!sync.wait({ point: 4 })) {
    console.log('waiting');
  }
}
