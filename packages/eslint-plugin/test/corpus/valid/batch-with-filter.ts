import { type DmaFence, waitAny } from '@dma-fence/core';

declare function poll(): DmaFence[];

/** Takes over what `poll` gives, puts what has signaled, keeps the rest. */
export class Reaper {
  #kept: DmaFence[] = [];

  reap(): number {
    const all = [...this.#kept, ...poll()];
    const done = all.filter((fence) => fence.signaled);
    this.#kept = all.filter((fence) => !fence.signaled);
    for (const fence of done) fence.put();
    return done.length;
  }

  async any(): Promise<DmaFence | undefined> {
    if (this.#kept.length === 0) return undefined;
    const index = await waitAny(this.#kept);
    return this.#kept[index]?.get();
  }

  close(): void {
    this.#kept.forEach((fence) => fence.put());
    this.#kept = [];
  }
}
