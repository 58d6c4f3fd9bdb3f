// A function is only made inside the section.
import { beginSignalling, type DriverFence } from '@dma-fence/core';

declare function enqueue(task: () => Promise<void>): void;
declare function step(): Promise<void>;

export function finish(fence: DriverFence): void {
  using section = beginSignalling();
  enqueue(async () => {
    await step();
  });
  fence.signal();
}
