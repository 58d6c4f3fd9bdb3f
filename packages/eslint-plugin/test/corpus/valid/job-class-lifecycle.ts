import { type DmaFence, type DmaFenceContext, type DriverFence } from '@dma-fence/core';
type Phase = 'new' | 'armed' | 'done';
export class Job {
  #phase: Phase = 'new';
  #done: DriverFence | undefined;
  readonly #deps = new Map<number, DmaFence>();
  constructor(private readonly context: DmaFenceContext) {}
  addDependency(fence: DmaFence): void {
    if (fence.signaled) return;
    const known = this.#deps.get(fence.context.id);
    if (known !== undefined) {
      if (!fence.isLaterThan(known)) return;
      known.put();
    }
    this.#deps.set(fence.context.id, fence.get());
  }
  arm(): DmaFence {
    if (this.#phase !== 'new') throw new Error('armed already');
    this.#phase = 'armed';
    const done = this.context.createFence();
    this.#done = done;
    return done.get();
  }
  async run(work: () => Promise<void>): Promise<void> {
    const done = this.#done;
    if (done === undefined) throw new Error('not armed');
    for (const [id, dep] of this.#deps) {
      await dep.wait();
      this.#deps.delete(id);
      dep.put();
    }
    try {
      await work();
      done.signal();
    } catch (error) {
      done.fail(error as Error);
    }
    this.#phase = 'done';
  }
  cleanup(): void {
    for (const dep of this.#deps.values()) dep.put();
    this.#deps.clear();
    this.#done?.put();
    this.#done = undefined;
  }
}
