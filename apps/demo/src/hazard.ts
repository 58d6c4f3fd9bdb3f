import type { Borrowed, DmaFence } from '@dma-fence/core';

/** What a piece of work has to wait for. All fences in it are borrowed. */
export interface Dependencies {
  /** Makers of what it reads: must have succeeded, or the work fails with their error. */
  readonly data: readonly Borrowed[];
  /** Users of what it overwrites: must be over, well or not. */
  readonly order: readonly Borrowed[];
}

/** Waits for nothing: how work is submitted when fences are left out. */
export const NO_DEPENDENCIES: Dependencies = { data: [], order: [] };

/**
 * Keeps the fences of one buffer: who wrote it last, and who has read it since.
 *
 * ```text
 *   read  after write    a reader waits for the writers       data
 *   write after read     a writer waits for the readers       order
 *   write after write    a writer waits for the writers       order
 * ```
 */
export class Hazard implements Disposable {
  #writers: readonly DmaFence[] = [];
  #readers: DmaFence[] = [];

  /** The fences that a reader waits for. They stay here even when they have failed: what they left is no picture. */
  get writers(): readonly Borrowed[] {
    return this.#writers;
  }

  /** The fences that the next writer waits for. */
  get users(): readonly Borrowed[] {
    return [...this.#writers, ...this.#readers];
  }

  /**
   * Puts down that the buffer is written now; everything before is history.
   *
   * @param fences - one for each part of the buffer that is written
   */
  wrote(fences: readonly Borrowed[]): void {
    const before = [...this.#writers, ...this.#readers];
    this.#writers = fences.map((fence) => fence.get());
    this.#readers = [];
    for (const fence of before) fence.put();
  }

  /** Puts down that the buffer is read now. Readers that are done are forgotten. */
  reads(fences: readonly Borrowed[]): void {
    const pending = this.#readers.filter((fence) => !fence.signaled);
    for (const fence of this.#readers) if (fence.signaled) fence.put();
    this.#readers = [...pending, ...fences.map((fence) => fence.get())];
  }

  /** Gives every fence back. */
  [Symbol.dispose](): void {
    this.wrote([]);
  }
}

/**
 * What a pass over several buffers waits for.
 *
 * @param read - hazards of the buffers it reads
 * @param written - hazards of the buffers it writes; one that is in both lists counts as both
 */
export function dependenciesOf(read: readonly Hazard[], written: readonly Hazard[]): Dependencies {
  return {
    data: read.flatMap((hazard) => hazard.writers),
    order: written.flatMap((hazard) => hazard.users),
  };
}
