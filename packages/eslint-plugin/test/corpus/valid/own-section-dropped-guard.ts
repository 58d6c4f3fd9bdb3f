// A fence's own section ends with its signal.
import { beginSignalling, type DmaFenceContext } from '@dma-fence/core';

declare function run(): void;

export function submit(context: DmaFenceContext): void {
  using first = context.createFence();
  using second = context.createFence();
  first.beginSignalling();
  second.beginSignalling();
  run();
  first.signal();
  second.signal();
}
