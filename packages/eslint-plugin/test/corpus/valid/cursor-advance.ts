import type { DmaFence } from '@dma-fence/core';
interface Stage {
  fence: DmaFence;
  next?: Stage;
}
export class Pipeline {
  current: Stage | undefined;
  push(fence: DmaFence): void {
    const stage: Stage = { fence: fence.get() };
    if (!this.current) {
      this.current = stage;
      return;
    }
    let tail = this.current;
    while (tail.next) tail = tail.next;
    tail.next = stage;
  }
  advance(): void {
    while (this.current?.fence.signaled) {
      const { fence, next } = this.current;
      this.current = next;
      fence.put();
    }
  }
}
