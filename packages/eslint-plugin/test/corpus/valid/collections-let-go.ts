// Private collections whose elements leave in one way or another.
import { waitAll, type DmaFence, type Owned } from '@dma-fence/core';

/** The callback takes out what it was called for. */
export class InFlight {
  readonly #fences = new Set<DmaFence>();
  #closed = false;
  track(fence: DmaFence): void {
    if (this.#closed) return;
    this.#fences.add(fence.get());
    const added = fence.addCallback(() => this.#done(fence));
    if (!added) this.#done(fence);
  }
  async idle(): Promise<void> {
    await waitAll(this.#fences);
  }
  #done(fence: DmaFence): void {
    if (this.#fences.delete(fence)) fence.put();
  }
  [Symbol.dispose](): void {
    this.#closed = true;
  }
}

/** Whoever asks gets it. */
export class Outbox {
  readonly #fences: DmaFence[] = [];
  add(fence: DmaFence): void {
    this.#fences.push(fence.get());
  }
  next(): Owned<DmaFence> | undefined {
    return this.#fences.shift() as Owned<DmaFence> | undefined;
  }
  close(): void {
    this.#fences.reverse();
  }
}

/** The list goes to somebody else as a whole. */
export class Recorder {
  readonly #fences: DmaFence[] = [];
  constructor(private readonly flush: (fences: readonly DmaFence[]) => void) {}
  add(fence: DmaFence): void {
    this.#fences.push(fence.get());
  }
  dispose(): void {
    this.flush(this.#fences);
  }
}

/** Under another name than this one's. */
export class Batch {
  readonly #fences: DmaFence[] = [];
  private readonly late: DmaFence[] = [];
  add(fence: DmaFence): void {
    this.#fences.push(fence.get());
    this.late.push(fence.get());
  }
  takeFrom(other: Batch): void {
    for (const fence of other.#fences.splice(0)) this.#fences.push(fence);
  }
  [Symbol.dispose](): void {
    const { late } = this;
    for (const fence of late.splice(0)) fence.put();
    const self = this;
    self.#fences.forEach((fence) => fence.put());
  }
}
