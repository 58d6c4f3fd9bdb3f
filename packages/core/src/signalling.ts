import { unfit, wrap } from './error.js';
import { label } from './fence/names.js';
import { checkHeld, publish, released, type Fence } from './fence/fence.js';
import type { CapacityShare } from './producer/capacity.js';
import { validator } from './validator.js';

/**
 * A part of the code on which the completion of fences depends. Nothing inside it may block.
 *
 * The validator of `@dma-fence/core/lockdep` checks it. While the validator is off, the default, a section costs almost nothing.
 *
 * @example A section around a completion handler
 * ```ts
 * import { beginSignalling, DmaFenceContext } from '@dma-fence/core';
 *
 * const context = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
 * const fence = context.createFence();
 * const section = beginSignalling();
 * fence.signal();
 * section.end();
 * fence.put();
 * ```
 */
export interface SignallingSection extends Disposable {
  /** Whether the section has not ended. False for a section without effect. */
  readonly active: boolean;
  /** Ends the section. You may call it more than once. Kernel: `dma_fence_end_signalling`. */
  end(): void;
}

/** A stretch that the running task opened, or one that belongs to a fence and is over at its signal. */
class Section implements SignallingSection {
  readonly #fence: Fence | undefined;
  #open: boolean;

  constructor(fence: Fence | undefined, open: boolean) {
    this.#fence = fence;
    this.#open = open;
  }

  get active(): boolean {
    return this.#open && this.#fence?.signaled !== true;
  }

  end(): void {
    if (!this.#open) return;
    this.#open = false;
    validator?.end(this, this.#fence);
  }

  [Symbol.dispose](): void {
    this.end();
  }
}

/**
 * Begins a free section: the running task may signal any number of fences in it. Sections may be nested.
 *
 * End it in the same turn, the innermost section first, without an `await` or `yield` in between. For asynchronous work use
 * `signalAfter`. Inside the section, do not block and do not acquire a lock.
 *
 * @returns the guard that ends the section. Stands for `dma_fence_begin_signalling`.
 *
 * @example Ended by `using`
 * ```ts
 * import { beginSignalling, type DriverFence } from '@dma-fence/core';
 *
 * function onInterrupt(done: readonly DriverFence[]): void {
 *   using _section = beginSignalling();
 *   for (const fence of done) fence.signal();
 * }
 * ```
 */
export function beginSignalling(): SignallingSection {
  const section = new Section(undefined, true);
  validator?.begin(section, undefined);
  return section;
}

/** The section of one fence, from its publication to its signal. */
export function beginFenceSection(fence: Fence, open: boolean): SignallingSection {
  const section = new Section(fence, open);
  if (open) validator?.begin(section, fence);
  return section;
}

/** Runs `work` in the fence's own section and signals with its result; the fence is kept meanwhile. */
export function runInSection<R>(fence: Fence, work: () => R | PromiseLike<R>): Promise<R> {
  return new Promise<R>((resolve, reject) => {
    // What is thrown before the work begins rejects and leaves the fence alone.
    checkHeld(fence, 'signalAfter');
    if (typeof work !== 'function') throw unfit(`${label(fence)}: work`, 'a function', work);
    fence.get();
    const open = publish(fence);
    const section = new Section(fence, open);
    const over = (signal: () => void): void => {
      section.end();
      if (released(fence)) return;
      signal();
      fence.put();
    };
    const succeed = (result: R): void => {
      over(() => fence.signal());
      resolve(result);
    };
    const fail = (thrown: unknown): void => {
      over(() => fence.signaled || fence.fail(wrap(thrown, label(fence))));
      reject(thrown);
    };
    try {
      const result = open && validator !== undefined ? validator.run(section, fence, work) : work();
      // Work that is done when it returns signals at once, not a turn later.
      if (isThenable(result)) Promise.resolve(result).then(succeed, fail);
      else succeed(result);
    } catch (thrown) {
      fail(thrown);
    }
  });
}

/** Runs `work` in the fence's own section for a producer who signals the fence itself. */
export function runOwn<R>(fence: Fence, work: () => R, share?: CapacityShare): R {
  return publish(fence) && validator !== undefined ? validator.runOwn(fence, work, share) : work();
}

function isThenable<R>(value: R | PromiseLike<R>): value is PromiseLike<R> {
  return typeof (value as Partial<PromiseLike<R>> | null | undefined)?.then === 'function';
}
