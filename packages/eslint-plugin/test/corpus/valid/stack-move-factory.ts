import { type DmaFence, type SyncObject, FenceError } from '@dma-fence/core';
export class Batch implements Disposable {
  private constructor(
    private readonly owned: DisposableStack,
    readonly fences: readonly DmaFence[],
  ) {}
  static of(objs: Iterable<SyncObject>): Batch {
    using stack = new DisposableStack();
    const fences: DmaFence[] = [];
    for (const o of objs) {
      const f = o.fence();
      if (!f) throw new FenceError('ENOENT', 'empty');
      stack.use(f);
      fences.push(f);
    }
    return new Batch(stack.move(), fences);
  }
  [Symbol.dispose](): void {
    this.owned.dispose();
  }
}
