import type { DmaFence } from '@dma-fence/core';
export class Backlog {
  private items: Array<[DmaFence, number]> = [];
  add(f: DmaFence, cost: number): void {
    this.items.push([f.get(), cost]);
  }
  step(budget: number): void {
    while (this.items.length > 0) {
      const [f, cost] = this.items[0]!;
      if (cost > budget || !f.signaled) return;
      this.items.shift();
      f.put();
      budget -= cost;
    }
  }
}
