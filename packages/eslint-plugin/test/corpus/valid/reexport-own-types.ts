import {
  DmaFenceContext as Context,
  type DmaFence as Fence,
  type DriverFence as Driver,
} from '@dma-fence/core';
export type { DmaFence as Fence } from '@dma-fence/core';
export type Job = { readonly fence: Driver; readonly consumer: Fence };
export const open = (name: string): Context => new Context({ driverName: 'app', timelineName: name });
export function makeJob(context: Context): Job {
  const fence = context.createFence();
  return { fence, consumer: fence.get() };
}
export function endJob({ fence, consumer }: Job, ok: boolean): void {
  if (ok) fence.signal();
  else fence.fail('EIO');
  consumer.put();
  fence.put();
}
