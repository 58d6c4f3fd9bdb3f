import { FenceError, type DmaFenceContext, type FenceErrorCode } from '@dma-fence/core';

/** Refuses a call unless `fit`: who was asked for what, and the way out. Thrown before anything has changed. */
export function must(fit: boolean, message: string): asserts fit {
  if (!fit) throw new FenceError('EINVAL', message);
}

/** Whether it is an integer from 1. */
export function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

/** `driver:timeline:context`, as fences are called. */
export function nameOf(context: DmaFenceContext): string {
  return context.toJSON().name;
}

/** What a submit fails with: the code of its class, the words of the platform, its error as the cause. */
export function failure(code: FenceErrorCode, what: string, cause: unknown): FenceError {
  return new FenceError(
    code,
    `${what}: ${String((cause as Partial<Error> | undefined)?.message ?? cause).trim()}`,
    { cause },
  );
}

/** Whether a function that must be synchronous was not: its promise is then nobody's, so what it rejects with is dropped. */
export function isPromise(value: unknown): boolean {
  const promised = typeof (value as Partial<PromiseLike<unknown>> | null | undefined)?.then === 'function';
  if (promised) Promise.resolve(value).catch(() => undefined);
  return promised;
}
