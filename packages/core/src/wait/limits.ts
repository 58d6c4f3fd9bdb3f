import { FenceError, strange, strangeKey, unfit } from '../error.js';
import { label } from '../fence/fence-checks.js';
import type { Fence } from '../fence/fence-state.js';
import { platform } from '../platform.js';
import type { WaitOptions } from './wait.js';

/** Who waits, for error messages: a function of ours, or the fence whose `wait()` it is. A name costs more than a wait. */
export type Who = string | Fence;

/** Options after the check: what ends a wait early. */
export interface Limits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** The names of `WaitOptions`. */
export const WAIT_OPTIONS: readonly string[] = ['timeoutMs', 'signal'];

/** Checks the options of a wait; `who` begins the error message. */
export function limitsOf(
  who: Who,
  options: WaitOptions = {},
  known: readonly string[] = WAIT_OPTIONS,
): Limits {
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw unfit(`${waiterName(who)}: options`, 'an object', options);
  }
  const key = strangeKey(options, known);
  if (key !== undefined) throw strange(waiterName(who), key, known);
  const { timeoutMs = Infinity, signal } = options;
  if (typeof timeoutMs !== 'number' || !(timeoutMs >= 0)) {
    throw unfit(`${waiterName(who)}: timeoutMs`, 'a number from 0', timeoutMs);
  }
  if (
    signal !== undefined &&
    typeof (signal as Partial<AbortSignal> | null)?.addEventListener !== 'function'
  ) {
    throw unfit(`${waiterName(who)}: signal`, 'an AbortSignal', signal);
  }
  return { timeoutMs, signal };
}

/**
 * Calls `late` once the time is over, or `aborted` when the signal says so from now on.
 *
 * @returns what takes both back.
 */
export function limit({ timeoutMs, signal }: Limits, late: () => void, aborted: () => void): () => void {
  const timer = timeoutMs === Infinity ? undefined : platform.setTimer(late, timeoutMs);
  signal?.addEventListener('abort', aborted, { once: true });
  return () => {
    if (timer !== undefined) platform.clearTimer(timer);
    signal?.removeEventListener('abort', aborted);
  };
}

/** Why a wait is given up whose time is over. */
export function late(who: Who, { timeoutMs }: Limits): FenceError {
  const why =
    timeoutMs === 0
      ? 'not signaled now; to wait, give it more than 0 ms'
      : `not signaled within ${String(timeoutMs)} ms; see what its producer waits for`;
  return new FenceError('ETIME', `${waiterName(who)}: ${why}`);
}

/** How error messages begin. */
function waiterName(who: Who): string {
  return typeof who === 'string' ? who : `${label(who)}: wait()`;
}
