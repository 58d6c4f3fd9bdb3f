import { beginSignalling, type DmaReservation, type DriverFence } from '@dma-fence/core';

export class Guc {
  constructor(private readonly resv: DmaReservation) {}
  async done(fence: DriverFence): Promise<void> {
    using lock = await this.resv.lock();
    {
      using section = beginSignalling();
      fence.signal();
    }
  }
}
