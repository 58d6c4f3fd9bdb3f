import type { DmaFence } from '@dma-fence/core';
function logged<T extends (...args: never[]) => unknown>(fn: T, ctx: ClassMethodDecoratorContext): T {
  void ctx.name;
  return fn;
}
export class Ring {
  @logged submit(f: DmaFence): DmaFence {
    const ref = f.get();
    ref.enableSignaling();
    return ref;
  }
}
