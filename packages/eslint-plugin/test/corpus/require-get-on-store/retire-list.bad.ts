import type { DmaFence } from '@dma-fence/core';

interface Resource {
  destroy(): void;
}

interface Retired {
  readonly fence: DmaFence;
  readonly resource: Resource;
}

export class Retirement {
  #list: Retired[] = [];

  /** Destroys the resource when the fence has signaled. */
  retire(resource: Resource, fence: DmaFence): void {
    if (fence.signaled) {
      resource.destroy();
      return;
    }
    // reports require-get-on-store
    this.#list.push({ fence, resource });
  }

  sweep(): number {
    const before = this.#list.length;
    this.#list = this.#list.filter(({ fence, resource }) => {
      if (!fence.poll()) return true;
      resource.destroy();
      fence.put();
      return false;
    });
    return before - this.#list.length;
  }

  async idle(): Promise<void> {
    while (this.#list.length > 0) {
      const [oldest] = this.#list;
      if (oldest === undefined) break;
      using fence = oldest.fence.get();
      await fence.wait();
      this.sweep();
    }
  }
}
