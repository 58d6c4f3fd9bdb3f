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

  take(id: number): string {
    // reports no-fence-leak
    const copy = this.#latest.get(id)?.get();
    return copy === undefined ? '' : copy.name;
  }

  drop(): void {
    const all = [...this.#latest.values()];
    this.#latest.clear();
    all.forEach((fence) => fence.put());
  }
}
