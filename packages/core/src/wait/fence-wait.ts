import { attachCore } from '../fence/attachment.js';
import { enable, FAILED, released, SIGNALED, type Fence } from '../fence/fence-state.js';
import { late, limit, type Limits, type Who } from './limits.js';
import type { WaitOutcome } from '../tracer/tracer.js';
import { tracers } from '../tracer/tracing.js';
import { validator } from '../validator.js';

/**
 * Waits for one fence, after the arguments were checked; for several see `waiter.ts`.
 *
 * Takes no reference; whatever ends it, it leaves nothing on the fence.
 */
export function waitForFence(who: Who, fence: Fence, limits: Limits): Promise<void> {
  const result = new Promise<void>((resolve, reject) => {
    /** Settles if the fence has decided; answers whether it has. */
    const settle = (): boolean => {
      if (!fence.signaled) return false;
      const { error } = fence;
      if (error === undefined) resolve();
      else reject(error);
      return true;
    };
    const { timeoutMs, signal } = limits;
    if (settle()) return;
    if (signal?.aborted === true) {
      reject(signal.reason as Error);
      return;
    }
    if (!enable(fence)) {
      settle();
      return;
    }
    const traced = tracers?.waitStart(fence);
    const over = (outcome: WaitOutcome): boolean => {
      traced?.(outcomeOf(fence, outcome));
      return settle();
    };
    if (timeoutMs === 0) {
      if (!released(fence)) fence.poll();
      if (!over('timeout')) reject(late(who, limits));
      // A tracer that is told of the wait may signal.
    } else if (fence.signaled) over('signaled');
    else hang(who, fence, limits, over, reject);
  });
  // A wait of no time never blocks anybody.
  return validator === undefined || limits.timeoutMs === 0 ? result : validator.wait([fence], result);
}

/** The wait for a fence that is pending, and lasts. */
function hang(
  who: Who,
  fence: Fence,
  limits: Limits,
  over: (outcome: WaitOutcome) => unknown,
  reject: (reason: unknown) => void,
): void {
  const end = (outcome: WaitOutcome): void => {
    unlimit();
    fence.context._backend?.waiting(fence, -1);
    over(outcome);
  };
  const record = attachCore(
    fence,
    () => {
      end('signaled');
    },
    undefined,
  );
  const giveUp = (outcome: WaitOutcome, reason: unknown): void => {
    record[Symbol.dispose]();
    end(outcome);
    reject(reason);
  };
  fence.context._backend?.waiting(fence, 1);
  const unlimit = limit(
    limits,
    () => {
      giveUp('timeout', late(who, limits));
    },
    () => {
      giveUp('aborted', limits.signal?.reason);
    },
  );
  // Aborted by an exporter or a tracer that was told of the wait.
  if (limits.signal?.aborted === true) giveUp('aborted', limits.signal.reason);
}

/** How a wait ended for a fence: as the fence did, if it has; else as the wait did. */
export function outcomeOf({ _flags: flags }: Fence, outcome: WaitOutcome): WaitOutcome {
  return (flags & SIGNALED) === 0 ? outcome : (flags & FAILED) === 0 ? 'signaled' : 'failed';
}
