import {
  type DmaFence,
  type DmaFenceContext,
  type DriverFence,
  mergeFences,
  signaledFence,
} from '@dma-fence/core';
export function s1(context: DmaFenceContext, publish: (fence: DmaFence) => void): void {
  const fences: DriverFence[] = [];
  for (let i = 0; i < 3; i++) {
    const fence = context.createFence();
    fences.push(fence);
    publish(fence);
  }
  for (const fence of fences) {
    fence.signal();
    fence.put();
  }
}
function inFenceGet(list: readonly { fence: DmaFence | undefined }[], last: DmaFence | undefined): DmaFence {
  const ins: DmaFence[] = [];
  for (const { fence } of list) if (fence) ins.push(fence);
  if (last) ins.push(last);
  if (ins.length === 0) return signaledFence();
  if (ins.length === 1) return (ins[0] as DmaFence).get();
  return mergeFences(ins);
}
export class Entity {
  #dep: DmaFence | undefined;
  #last: DmaFence | undefined;
  set(fence: DmaFence): boolean {
    this.#dep = fence.get();
    if (fence.addCallback(() => this.clear())) return true;
    this.#dep.put();
    this.#dep = undefined;
    return false;
  }
  clear(): void {
    this.#dep?.put();
    this.#dep = undefined;
  }
  async exec(list: readonly { fence: DmaFence | undefined }[]): Promise<void> {
    using all = inFenceGet(list, this.#last);
    await all.wait();
  }
  close(): void {
    this.#last?.put();
    this.#dep?.put();
    this.#dep = undefined;
  }
}
export function pop(entity: Entity, fences: readonly DmaFence[]): boolean {
  for (const fence of fences) if (entity.set(fence)) return false;
  return true;
}
