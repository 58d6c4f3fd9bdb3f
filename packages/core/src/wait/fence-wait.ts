import { attachCore } from '../fence/attachment.js';
import type { FenceCallback } from '../fence/callback.js';
import { Course } from './course.js';
import type { DmaFence } from '../fence/dma-fence.js';
import { attach, enable, FAILED, released, SIGNALED, type Fence } from '../fence/fence.js';
import { usedAfterRelease } from '../fence/fence-checks.js';
import { limitsOf, type Limits } from './limits.js';
import type { EndWait, WaitOutcome } from '../tracer/tracer.js';
import { tracers } from '../tracer/installed.js';
import { validator } from '../validator.js';
import type { WaitOptions } from './wait.js';

/** `DmaFence.wait`. */
export function waitFence(fence: Fence, options?: WaitOptions): Promise<void> {
  // Not async: that would be a second promise.
  try {
    const limits = limitsOf(fence, options);
    if (released(fence)) throw usedAfterRelease(fence, 'wait');
    return waitForFence(fence, limits);
  } catch (error) {
    return Promise.reject(error);
  }
}

/**
 * Waits for one fence, after the arguments were checked; for several see `several-wait.ts`.
 *
 * Takes no reference; whatever ends it, it leaves nothing on the fence.
 */
export function waitForFence(fence: Fence, limits: Limits): Promise<void> {
  const result = new Promise<void>((resolve) => {
    new FenceWait(fence, resolve).begin(limits);
  });
  // A wait of no time never blocks anybody.
  return validator === undefined || limits.timeoutMs === 0 ? result : validator.wait([fence], result);
}

/** A wait for one fence. Without limits it hangs there itself; with limits a record does, which can be taken off again. */
class FenceWait extends Course {
  declare readonly fence: Fence;
  /** Rejecting is resolving with a rejected promise: the other function would cost a pending wait 64 bytes. */
  declare readonly resolve: (result?: Promise<never>) => void;
  declare record: FenceCallback<FenceWait> | undefined;
  declare endTrace: EndWait | undefined;

  constructor(fence: Fence, resolve: (result?: Promise<never>) => void) {
    super();
    this.fence = fence;
    this.resolve = resolve;
    this.record = undefined;
    this.endTrace = undefined;
  }

  settle(): boolean {
    if (!this.fence.signaled) return false;
    const { error } = this.fence;
    if (error === undefined) this.resolve();
    else this.reject(error);
    return true;
  }

  reject(reason: unknown): void {
    this.resolve(Promise.reject(reason));
  }

  ask(): void {
    const { fence } = this;
    if (!enable(fence)) return;
    this.endTrace = tracers?.waitStart(fence);
    if (!released(fence)) fence.poll();
  }

  hang(limited: boolean): void {
    const { fence } = this;
    if (enable(fence)) this.endTrace = tracers?.waitStart(fence);
    // An exporter or a tracer that was told of the wait may signal.
    if (fence.signaled) {
      this.end('signaled');
      return;
    }
    this.stage = 'hung';
    if (limited) this.record = attachCore(fence, signaled, this as FenceWait);
    else attach(fence, this);
    fence.context._backend?.waiting(fence, 1);
  }

  leave(outcome: WaitOutcome, hung: boolean): void {
    const { fence } = this;
    this.record?.[Symbol.dispose]();
    if (hung) fence.context._backend?.waiting(fence, -1);
    this.endTrace?.(outcomeOf(fence, outcome));
  }

  /** Its fence has signaled. */
  _signaled(): void {
    this.end('signaled');
  }
}

function signaled(_fence: DmaFence, { data }: FenceCallback<FenceWait>): void {
  data.end('signaled');
}

/** How a wait ended for a fence: as the fence did, if it has; else as the wait did. */
export function outcomeOf({ _flags: flags }: Fence, outcome: WaitOutcome): WaitOutcome {
  return (flags & SIGNALED) === 0 ? outcome : (flags & FAILED) === 0 ? 'signaled' : 'failed';
}
