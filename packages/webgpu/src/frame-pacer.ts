import {
  FenceError,
  isDmaFence,
  waitAny,
  type DmaFence,
  type Owned,
  type WaitOptions,
} from '@dma-fence/core';
import { checkKeys } from '@dma-fence/core/producer';
import { isCount, must } from './failure.js';
import { GpuQueue } from './gpu-queue.js';

/**
 * How a {@link FramePacer} is made.
 *
 * @example Where no frame may be dropped
 * ```ts
 * import type { FramePacerOptions } from '@dma-fence/webgpu';
 *
 * const options: FramePacerOptions = { depth: 3 };
 * ```
 */
export interface FramePacerOptions {
  /** How many frames may be on the GPU at once; 2 by default. */
  depth?: number | undefined;
}

/**
 * At most `depth` frames on the GPU.
 *
 * Without it a program that submits faster than the GPU works lets frames pile up: each is seconds old when it is seen, and holds its
 * memory until then.
 *
 * @example Skip a frame rather than show an old one
 * ```ts
 * import { FramePacer, type GpuQueue } from '@dma-fence/webgpu';
 *
 * function animate(queue: GpuQueue, draw: () => void): () => void {
 *   const pacer = new FramePacer(queue);
 *   return () => {
 *     if (!pacer.ready) return;
 *     draw(); // submits, to whichever queue object
 *     pacer.track();
 *   };
 * }
 * ```
 *
 * @example A loop that computes, where no step may be skipped
 * ```ts
 * import { FramePacer, type GpuQueue } from '@dma-fence/webgpu';
 *
 * async function solve(queue: GpuQueue, step: (index: number) => GPUCommandBuffer): Promise<void> {
 *   using pacer = new FramePacer(queue, { depth: 3 });
 *   for (let index = 0; index < 1000; index++) {
 *     await pacer.wait();
 *     using fence = queue.submit([step(index)]);
 *     pacer.track(fence);
 *   }
 * }
 * ```
 */
export class FramePacer implements Disposable {
  readonly #queue: GpuQueue;
  readonly #depth: number;
  /** Frames on the GPU, the oldest first, and those that have ended since we last looked. Each holds a reference. */
  #frames: Owned[] = [];
  #skipped = 0;
  #disposed = false;

  /** Wrong options throw a `FenceError` with `EINVAL`. */
  constructor(queue: GpuQueue, options: FramePacerOptions = {}) {
    must(queue instanceof GpuQueue, 'FramePacer: queue must be a GpuQueue');
    checkKeys('FramePacer', options, ['depth']);
    const { depth = 2 } = options;
    must(isCount(depth), 'FramePacer: depth must be an integer from 1');
    this.#queue = queue;
    this.#depth = depth;
  }

  /** Whether a frame may begin now. */
  get ready(): boolean {
    if (this.inFlight < this.#depth) return true;
    this.#skipped++;
    return false;
  }

  /** How many frames are on the GPU. */
  get inFlight(): number {
    this.#sweep();
    return this.#frames.length;
  }

  /** How often `ready` was false: the frames that were skipped. */
  get skipped(): number {
    return this.#skipped;
  }

  /**
   * The frame is submitted.
   *
   * @param fence ends with the frame; by default `queue.mark()`: all that was submitted up to now, by whomever.
   */
  track(fence?: DmaFence): void {
    must(!this.#disposed, 'FramePacer: disposed of');
    must(fence === undefined || isDmaFence(fence), 'FramePacer: track() takes a fence');
    const frame = fence?.get() ?? this.#queue.mark();
    // Nobody may ever register on it.
    frame.enableSignaling();
    this.#frames.push(frame);
    this.#sweep();
  }

  /**
   * Waits until a frame may begin. A failed frame is over, like any other.
   *
   * @returns a promise that rejects with `ENODEV` when the device is lost, `ECANCELED` when the queue or the pacer is disposed of,
   * `ETIME` when the time is over.
   */
  async wait(options?: WaitOptions): Promise<void> {
    must(!this.#disposed, 'FramePacer: disposed of');
    while (this.inFlight >= this.#depth) {
      // In the order of submits this one is the last that must end.
      const frame = (this.#frames[this.#frames.length - this.#depth] as DmaFence).get();
      try {
        await waitAny([frame], options);
      } finally {
        frame.put();
      }
      if (this.#closed()) throw new FenceError('ECANCELED', 'FramePacer: disposed of');
    }
    if (this.#queue._over !== undefined) throw this.#queue._over;
  }

  /** Lets go of the frames that it tracks. They go on. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    for (const frame of this.#frames) letGo(frame);
    this.#frames = [];
  }

  /** Lets go of the frames that have ended. */
  #sweep(): void {
    const frames = this.#frames;
    this.#frames = frames.filter(({ signaled }) => !signaled);
    for (const frame of frames) if (frame.signaled) letGo(frame);
  }

  #closed(): boolean {
    return this.#disposed;
  }
}

/** Somebody who put a reference too many must not stop the frames behind. */
function letGo(frame: Owned): void {
  try {
    frame.put();
  } catch {
    // It is gone already.
  }
}
