import { FENCE_ERRNO, FenceError, type FenceErrorCode } from '@dma-fence/core';

/** A received value as an error message shows it. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  if (Object(value) !== value) return String(value);
  return typeof value === 'object' ? 'an object' : 'a function';
}

/** An argument that is refused: `what` must be `wanted`. */
export function unfit(what: string, wanted: string, got: unknown): FenceError {
  return new FenceError('EINVAL', `${what} must be ${wanted}, not ${describe(got)}`);
}

/** Whether `value` is a code of the table. */
export function isCode(value: unknown): value is FenceErrorCode {
  return typeof value === 'string' && Object.hasOwn(FENCE_ERRNO, value);
}

/** A code as a message names it: `EOWNERDEAD: its thread has died`. Those are the words of core. */
export function inWords(code: FenceErrorCode): string {
  return new FenceError(code).message;
}

/** The code that a producer's error travels as: only codes cross machines, as in core's own rules. */
export function codeOf(what: string, error: FenceErrorCode | Error): FenceErrorCode {
  if (isCode(error)) return error;
  const { code, name } = (typeof error === 'object' ? error : {}) as { code?: unknown; name?: unknown };
  if (typeof name !== 'string') throw unfit(`${what}: its error`, 'a code of FENCE_ERRNO or an Error', error);
  if (name === 'FenceError' && isCode(code)) return code;
  return name === 'AbortError' ? 'ECANCELED' : name === 'TimeoutError' ? 'ETIME' : 'EIO';
}

/** Whether trying again is no use: the arguments, the rights or the server forbid it. */
export function isFinal(error: unknown): boolean {
  return (
    error instanceof FenceError &&
    (error.code === 'EINVAL' || error.code === 'EPERM' || error.code === 'EOPNOTSUPP')
  );
}

/** What an engine throws, in our words; a refusal of ours stays. */
export function unreached(what: string, error: unknown): FenceError {
  if (error instanceof FenceError) return error;
  return new FenceError('EAGAIN', `${what}: the engine could not be reached; try again once it is back`, {
    cause: error,
  });
}
