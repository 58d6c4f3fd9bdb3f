import type { DmaFence } from '@dma-fence/core';
export class M {
  a: DmaFence[] = [];
  b: DmaFence[] = [];
  move(): void {
    for (const f of this.a) this.b.push(f);
    this.a.length = 0;
  }
  move2(): void {
    this.b.push(...this.a);
    this.a = [];
  }
  move3(): void {
    this.a.forEach((f) => this.b.push(f));
    this.a = [];
  }
}
