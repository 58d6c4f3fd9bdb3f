import { beginSignalling, type DmaReservation, type DriverFence } from '@dma-fence/core';

export class Guc {
  constructor(private readonly resv: DmaReservation) {}
  async done(fence: DriverFence): Promise<void> {
    {
      using section = beginSignalling();
      // reports no-blocking-in-signalling
      void this.resv.lock();
      fence.signal();
    }
  }
}
