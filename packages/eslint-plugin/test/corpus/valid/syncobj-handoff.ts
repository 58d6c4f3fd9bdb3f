import { SyncObject, type DmaFence } from '@dma-fence/core';
export class Handles {
  readonly #table = new Map<number, SyncObject>();
  import(handle: number, fence: DmaFence): void {
    let object = this.#table.get(handle);
    if (object === undefined) {
      object = new SyncObject();
      this.#table.set(handle, object);
    }
    object.replace(fence);
  }
  export(handle: number): DmaFence {
    const fence = this.#table.get(handle)?.fence();
    if (!fence) throw new Error(`no fence behind ${handle}`);
    return fence;
  }
}
