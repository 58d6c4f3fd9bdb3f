import { strange, strangeKey, unfit } from '../error.js';
import type { WaitOptions } from './wait.js';
import { nameOfWho, type Who } from './who.js';

/** Options after the check: what ends a wait early. */
export interface Limits {
  readonly who: Who;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Of waits that nothing ends early. */
export const UNLIMITED: Limits = { who: '', timeoutMs: Infinity, signal: undefined };

/** The names of `WaitOptions`. */
export const WAIT_OPTIONS: readonly string[] = ['timeoutMs', 'signal'];

/** Checks the options of a wait; `who` begins the error message. */
export function limitsOf(
  who: Who,
  options: WaitOptions | undefined,
  known: readonly string[] = WAIT_OPTIONS,
): Limits {
  if (options === undefined) return UNLIMITED;
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw unfit(`${nameOfWho(who)}: options`, 'an object', options);
  }
  const key = strangeKey(options, known);
  if (key !== undefined) throw strange(nameOfWho(who), key, known);
  const { timeoutMs = Infinity, signal } = options;
  if (typeof timeoutMs !== 'number' || !(timeoutMs >= 0)) {
    throw unfit(`${nameOfWho(who)}: timeoutMs`, 'a number from 0', timeoutMs);
  }
  if (signal !== undefined && !isSignal(signal)) {
    throw unfit(`${nameOfWho(who)}: signal`, 'an AbortSignal', signal);
  }
  return timeoutMs === Infinity && signal === undefined ? UNLIMITED : { who, timeoutMs, signal };
}

/** What is called much later must be there. */
function isSignal(signal: Partial<AbortSignal> | null): boolean {
  return (
    typeof signal === 'object' &&
    typeof signal?.addEventListener === 'function' &&
    typeof signal.removeEventListener === 'function'
  );
}
