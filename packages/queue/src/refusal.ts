import { FenceError, type FenceErrorCode } from '@dma-fence/core';

/** A call that is refused, before anything has changed: who, why, and the way out. */
export function refusal(who: string, why: string, code: FenceErrorCode = 'EINVAL'): FenceError {
  return new FenceError(code, `${who}: ${why}`);
}

/** An argument that is refused. */
export function unfit(who: string, what: string, wanted: string, got: unknown): FenceError {
  return refusal(who, `${what} must be ${wanted}, not ${shown(got)}`);
}

/** A value in a few words. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  if (Object(value) !== value) return String(value);
  return typeof value === 'object' ? 'an object' : 'a function';
}
