import { describe, FenceError, invalid, strange, strangeKey } from '../error.js';
import type { Fence } from '../fence/fence.js';
import { tracers } from '../tracer/installed.js';
import { validator, type Validator } from '../validator.js';
import { mayBlock, type Memory } from './memory.js';
import type { Progress } from './progress.js';
import type { ThreadEnd } from './thread-end.js';

/**
 * How long to block.
 *
 * @example Ten milliseconds
 * ```ts
 * import type { WaitSyncOptions } from '@dma-fence/core/shared';
 *
 * const options: WaitSyncOptions = { timeoutMs: 10 };
 * ```
 */
export interface WaitSyncOptions {
  /** Milliseconds from now, fractions too; 0 only looks, `Infinity` and nothing mean no limit. */
  timeoutMs?: number | undefined;
}

let blocks: boolean | undefined;

const OPTIONS: readonly (keyof WaitSyncOptions)[] = ['timeoutMs'];

/** `SharedTimeline.waitSync`, after the value was checked. */
export function blockUntil(end: ThreadEnd, value: number, options: WaitSyncOptions | undefined): void {
  // Made for errors only: a name costs more than the rest.
  const who = (): string => `shared timeline ${end.name}: waitSync(${String(value)})`;
  const timeoutMs = options === undefined ? Infinity : timeoutOf(who, options);
  // Whether it would have to block now or not: what is wrong with it is wrong on every schedule.
  if (validator !== undefined && timeoutMs > 0) tell(validator, end, value);
  const { progress } = end;
  progress.look();
  if (value > progress.value && !progress.canceled) {
    if (timeoutMs === 0) {
      throw new FenceError('ETIME', `${who()}: not finished now; give a timeoutMs above 0 to wait for it`);
    }
    blocks ??= mayBlock();
    if (!blocks) {
      throw new FenceError(
        'EDEADLK',
        `${who()}: this thread may not block, the page would hang; use await timeline.fenceAt(${String(value)}).wait()`,
      );
    }
    if (!traced(end, value, timeoutMs)) {
      throw new FenceError(
        'ETIME',
        `${who()}: not finished within ${String(timeoutMs)} ms; wait longer, or see what its producer waits for`,
      );
    }
  }
  const error = outcomeOf(end, value);
  // Fences of this thread follow; what they call may look again, so the outcome is taken first.
  if (end.local.context._pending > 0) end.catchUp();
  if (error !== undefined) throw error;
}

function timeoutOf(who: () => string, options: WaitSyncOptions): number {
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw invalid(`${who()}: options must be { timeoutMs }, not ${describe(options)}`);
  }
  const key = strangeKey(options, OPTIONS);
  if (key !== undefined) throw strange(who(), key, OPTIONS);
  const { timeoutMs = Infinity } = options;
  if (typeof timeoutMs !== 'number' || !(timeoutMs >= 0)) {
    throw invalid(`${who()}: timeoutMs must be a number of milliseconds from 0, not ${describe(timeoutMs)}`);
  }
  return timeoutMs;
}

/** Tells the validator, which knows waits by their fences. Nothing is looked at for it: what a program does must not change. */
function tell(told: Validator, end: ThreadEnd, value: number): void {
  const fence = end.local.fenceAt(value);
  try {
    told.waitSync(fence as Fence);
  } finally {
    fence.put();
  }
}

/** What became of a value that is over, as of the last look. */
function outcomeOf(end: ThreadEnd, value: number): FenceError | undefined {
  if (value > end.progress.value) return end.cancelReason();
  const result = end.errors.resultOf(value);
  return result.errno === 0 ? undefined : end.failure(result, value);
}

/** Blocks; tracers, where there are any, see it as a wait for the fence of that value. */
function traced(end: ThreadEnd, value: number, timeoutMs: number): boolean {
  if (tracers === undefined) return counted(end, value, timeoutMs);
  const fence = end.fenceAt(value);
  const ended = tracers.waitStart(fence);
  const over = counted(end, value, timeoutMs);
  if (over) end.catchUp();
  ended(over ? (fence.status as 'signaled' | 'failed') : 'timeout');
  fence.put();
  return over;
}

/** Blocks; tracers in all threads can see that. */
function counted({ memory, progress, blocked }: ThreadEnd, value: number, timeoutMs: number): boolean {
  const entered = blocked.enter(value);
  const over = block(memory, progress, value, timeoutMs);
  if (entered) blocked.leave(value);
  return over;
}

/**
 * Blocks this thread until the timeline has reached `value`, or was canceled.
 *
 * @returns false when `timeoutMs` were over first.
 */
export function block(memory: Memory, progress: Progress, value: number, timeoutMs: number): boolean {
  const deadline = timeoutMs === Infinity ? Infinity : memory.now() + timeoutMs;
  for (;;) {
    progress.look();
    if (progress.value >= value || progress.canceled) return true;
    // Timers round, and other values wake as well: only the clock says that the time is over.
    const left = deadline === Infinity ? Infinity : deadline - memory.now();
    if (left <= 0) return false;
    const awaited = progress.await(progress.word);
    // Sleeps only if VALUE is still that, which is decided in one step with falling asleep.
    if (awaited !== undefined) memory.wait(awaited, left);
  }
}
