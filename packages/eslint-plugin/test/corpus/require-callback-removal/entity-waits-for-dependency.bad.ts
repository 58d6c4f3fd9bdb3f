// The entity that is killed still waits for its dependency, which then wakes what is gone.
import { type DmaFence, FenceCallback } from '@dma-fence/core';

interface Scheduler {
  wake(entity: Entity): void;
}

export class Entity {
  readonly #scheduler: Scheduler;
  #dependency: DmaFence | undefined;
  readonly #wakeUp: FenceCallback;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
    this.#wakeUp = new FenceCallback(() => {
      this.#clear();
      this.#scheduler.wake(this);
    });
  }

  dependOn(fence: DmaFence): boolean {
    // reports require-callback-removal
    if (!fence.addCallback(this.#wakeUp)) return false;
    this.#dependency = fence.get();
    return true;
  }

  destroy(): void {
    this.#clear();
  }

  #clear(): void {
    this.#dependency?.put();
    this.#dependency = undefined;
  }
}
