import type { DmaFence } from '@dma-fence/core';
interface Deferred<T> {
  promise: Promise<T>;
  fulfil: (value: T) => void;
}
function deferred<T>(): Deferred<T> {
  let fulfil!: (value: T) => void;
  const promise = new Promise<T>((r) => {
    fulfil = r;
  });
  return { promise, fulfil };
}
export class Submission {
  readonly #d = deferred<DmaFence>();
  get fence(): Promise<DmaFence> {
    return this.#d.promise;
  }
  submitted(fence: DmaFence): void {
    this.#d.fulfil(fence.get());
  }
}
