import { beginSignalling, type DriverFence } from '@dma-fence/core';
export const finishAll = (fences: ReadonlySet<DriverFence>): void => {
  using _section = beginSignalling();
  fences.forEach((fence) => {
    fence.signal();
    fence.put();
  });
};
