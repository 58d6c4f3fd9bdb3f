import { beginSignalling, type DriverFence } from '@dma-fence/core';
export class Irq {
  readonly #pending: DriverFence[] = [];
  submit(f: DriverFence): void {
    this.#pending.push(f.get());
  }
  handle(seqno: number): void {
    using section = beginSignalling();
    while (this.#pending.length > 0 && this.#pending[0]!.seqno <= seqno) {
      const f = this.#pending.shift()!;
      f.signal();
      f.put();
    }
    if (this.#pending.length === 0) section.end();
  }
}
