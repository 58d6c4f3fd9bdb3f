import { FenceError, type DmaFenceContext, type FenceErrorCode } from '@dma-fence/core';

/** What an error scope caught, by the filter of the scope: the classes themselves are not there in every runtime. */
export const CODES = { validation: 'EINVAL', 'out-of-memory': 'ENOMEM', internal: 'EIO' } as const;

/** A refused call: who was asked for what, and the way out. Thrown before anything has changed. */
export function invalid(message: string): FenceError {
  return new FenceError('EINVAL', message);
}

/** `driver:timeline:context`, as fences are called. */
export function nameOf({ driverName, timelineName, id }: DmaFenceContext): string {
  return `${driverName}:${timelineName}:${String(id)}`;
}

/** What a submit fails with: the code of its class, the words of the platform, its error as the cause. */
export function failure(code: FenceErrorCode, what: string, cause: unknown): FenceError {
  const { message } = cause as { message?: unknown };
  return new FenceError(code, `${what}: ${String(message).trim()}`, { cause });
}

/** Refuses options that are none of ours: a misspelt one would quietly do nothing. */
export function checkOptions(who: string, options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || (options as object | null) === null) {
    throw invalid(`${who}: options must be an object`);
  }
  for (const key in options) {
    if (!known.includes(key)) throw invalid(`${who}: "${key}" is no option; there are ${known.join(', ')}`);
  }
}

/** Refuses all but integers from 1. */
export function checkCount(what: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1)
    throw invalid(`${what} must be an integer from 1, not ${String(value)}`);
}

/** Hands over an error that nobody catches, as core does: the work goes on. */
export function report(error: unknown): void {
  if (typeof reportError === 'function') reportError(error);
  else {
    queueMicrotask(() => {
      throw error;
    });
  }
}
