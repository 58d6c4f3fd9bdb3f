// What a record is made with is its maker's to put.
import { FenceCallback, type DmaFence, DmaFenceContext } from '@dma-fence/core';
export function a(fence: DmaFence): FenceCallback<{ on: DmaFence }> {
  return new FenceCallback<{ on: DmaFence }>(
    (_f, self) => {
      self.data.on.put();
    },
    { on: fence.get() },
  );
}
export function b(fence: DmaFence): boolean {
  const record = new FenceCallback<{ on: DmaFence }>(
    (_f, self) => {
      self.data.on.put();
    },
    { on: fence.get() },
  );
  if (fence.addCallback(record)) return true;
  record.data.on.put();
  return false;
}
export function c(fence: DmaFence): boolean {
  const record = new FenceCallback<DmaFence>((_f, self) => {
    self.data.put();
  }, fence.get());
  if (fence.addCallback(record)) return true;
  record.data.put();
  return false;
}
export function d(context: DmaFenceContext, fence: DmaFence): void {
  using made = context.createFence({ of: fence.get() });
  made.signal();
  made.data.of.put();
}
export function e(fence: DmaFence): boolean {
  const data = { on: fence.get() };
  const record = new FenceCallback<{ on: DmaFence }>((_f, self) => {
    self.data.on.put();
  }, data);
  if (fence.addCallback(record)) return true;
  data.on.put();
  return false;
}
