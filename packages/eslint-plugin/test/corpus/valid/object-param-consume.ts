import type { DmaFence, Owned } from '@dma-fence/core';
interface Request {
  fence: Owned<DmaFence>;
  priority: number;
}
export function submit(list: Request[], { fence, priority }: Request): void {
  if (fence.signaled) {
    fence.put();
    return;
  }
  list.push({ fence, priority });
}
export function enqueue(list: Request[], f: DmaFence): void {
  submit(list, { fence: f.get(), priority: 1 });
}
