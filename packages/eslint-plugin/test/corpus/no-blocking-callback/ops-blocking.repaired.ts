import { DmaFenceContext, type DmaReservation } from '@dma-fence/core';
export const make = (r: DmaReservation): DmaFenceContext =>
  new DmaFenceContext({
    driverName: 'x',
    timelineName: 'y',
    ops: {
      release() {
        r.poll(0);
      },
    },
  });
