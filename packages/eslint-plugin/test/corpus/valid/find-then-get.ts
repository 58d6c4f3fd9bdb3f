import type { DmaFence } from '@dma-fence/core';
export class Pool {
  private readonly list: DmaFence[] = [];
  put(f: DmaFence): void {
    this.list.push(f.get());
  }
  find(ctx: number): DmaFence | undefined {
    return this.list.find((f) => f.context.id === ctx)?.get();
  }
  reap(): void {
    for (let i = this.list.length - 1; i >= 0; i--) {
      const f = this.list[i]!;
      if (!f.signaled) continue;
      this.list.splice(i, 1);
      f.put();
    }
  }
  close(): void {
    let f;
    while ((f = this.list.pop())) f.put();
  }
}
