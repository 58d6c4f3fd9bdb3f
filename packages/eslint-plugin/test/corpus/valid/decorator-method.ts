import type { DmaFence } from '@dma-fence/core';
function traced<This, Args extends unknown[], R>(
  method: (this: This, ...args: Args) => R,
  context: ClassMethodDecoratorContext,
) {
  return function (this: This, ...args: Args): R {
    performance.mark(String(context.name));
    return method.apply(this, args);
  };
}
export class Display {
  #front: DmaFence | undefined;
  #back: DmaFence | undefined;
  @traced
  flip(next: DmaFence): void {
    const old = this.#front;
    this.#front = this.#back;
    this.#back = next.get();
    old?.put();
  }
  @traced
  dispose(): void {
    this.#front?.put();
    this.#back?.put();
    this.#front = this.#back = undefined;
  }
}
