import type { DmaFence } from '@dma-fence/core';
export class Waiters {
  list: DmaFence[] = [];
  add(f: DmaFence) {
    this.list.push(f.get());
  }
  cancel(f: DmaFence): void {
    const i = this.list.indexOf(f);
    if (i < 0) return;
    const [gone] = this.list.splice(i, 1);
    gone!.put();
  }
  clear() {
    for (const f of this.list.splice(0)) f.put();
  }
}
