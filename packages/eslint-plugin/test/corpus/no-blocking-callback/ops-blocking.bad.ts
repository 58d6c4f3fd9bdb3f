import { DmaFenceContext, type DmaReservation } from '@dma-fence/core';
export const make = (r: DmaReservation): DmaFenceContext =>
  new DmaFenceContext({
    driverName: 'x',
    timelineName: 'y',
    ops: {
      // reports no-blocking-callback
      async release() {
        await r.wait(0);
      },
    },
  });
