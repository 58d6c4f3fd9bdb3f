import type { DmaFence } from '@dma-fence/core';

export class LatestPerContext {
  readonly #latest = new Map<number, DmaFence>();

  note(fence: DmaFence): boolean {
    const { id } = fence.context;
    const known = this.#latest.get(id);
    if (known !== undefined) {
      if (known.isLaterThan(fence)) return false;
      known.put();
    }
    this.#latest.set(id, fence.get());
    return true;
  }

  prune(): void {
    for (const [id, fence] of [...this.#latest.entries()]) {
      if (!fence.signaled) continue;
      this.#latest.delete(id);
      fence.put();
    }
  }

  merge(other: LatestPerContext): void {
    other.#latest.forEach((fence) => this.note(fence));
  }

  drop(): void {
    const all = [...this.#latest.values()];
    this.#latest.clear();
    all.forEach((fence) => fence.put());
  }
}
