// An exporter's op takes a lock while the core holds the fence.
import { DmaFenceContext, type DmaReservation } from '@dma-fence/core';

declare const ring: DmaReservation;

export const context = new DmaFenceContext({
  driverName: 'd',
  timelineName: 't',
  ops: {
    enableSignaling() {
      // reports no-blocking-callback
      void ring.lock();
      return true;
    },
  },
});
