/**
 * The error codes of failed fences and of thrown errors, each with its Linux number (negative, as in the kernel).
 *
 * @example Look up a number
 * ```ts
 * import { FENCE_ERRNO } from '@dma-fence/core';
 *
 * FENCE_ERRNO.EIO; // -5
 * ```
 */
export const FENCE_ERRNO = {
  /** The operation is not permitted, for instance a write through a read-only handle. */
  EPERM: -1,
  /** Nothing exists under that name or number. */
  ENOENT: -2,
  /** The work failed, and its producer gave no other code. */
  EIO: -5,
  /** Try again later: too much work is in flight. */
  EAGAIN: -11,
  /** Memory ran out. */
  ENOMEM: -12,
  /** The resource is in use. */
  EBUSY: -16,
  /** The device is gone. */
  ENODEV: -19,
  /** An argument, or the state of the fence, does not allow the call. */
  EINVAL: -22,
  /** No space is left. */
  ENOSPC: -28,
  /** The wait would never end. */
  EDEADLK: -35,
  /** The work produced no data. */
  ENODATA: -61,
  /** The timeout has passed. */
  ETIME: -62,
  /** The operation is not supported here. */
  EOPNOTSUPP: -95,
  /** The transaction already holds that lock. */
  EALREADY: -114,
  /** The work was canceled. */
  ECANCELED: -125,
  /** The thread that had to signal has died. */
  EOWNERDEAD: -130,
} as const;

/**
 * One of the codes of {@link FENCE_ERRNO}.
 *
 * @example A function that takes a code
 * ```ts
 * import type { DriverFence, FenceErrorCode } from '@dma-fence/core';
 *
 * function abandon(fence: DriverFence, code: FenceErrorCode = 'ECANCELED'): boolean {
 *   return fence.fail(code);
 * }
 * ```
 */
export type FenceErrorCode = keyof typeof FENCE_ERRNO;

/** What each code means, in a few words; `docs/errors.md` has more. */
const WORDS: Record<FenceErrorCode, string> = {
  EPERM: 'not permitted',
  ENOENT: 'not there',
  EIO: 'the work failed',
  EAGAIN: 'not now',
  ENOMEM: 'no memory is left',
  EBUSY: 'in use',
  ENODEV: 'the device is gone',
  EINVAL: 'not allowed',
  ENOSPC: 'no room is left',
  EDEADLK: 'deadlock',
  ENODATA: 'no data',
  ETIME: 'time ran out',
  EOPNOTSUPP: 'not supported',
  EALREADY: 'already locked',
  ECANCELED: 'given up',
  EOWNERDEAD: 'its thread has died',
};

/** A code as a message names it: `EOWNERDEAD: its thread has died`. */
export function inWords(code: FenceErrorCode): string {
  return `${code}: ${WORDS[code]}`;
}

/** Whether `value` is a code of the table, own keys only: it may come from another thread. */
export function isFenceErrorCode(value: unknown): value is FenceErrorCode {
  return typeof value === 'string' && Object.hasOwn(FENCE_ERRNO, value);
}

/**
 * The error of every failed fence and every rejected call, with the code and number of the kernel.
 *
 * An unknown `code` throws a `FenceError` with `EINVAL`. Stands for the kernel's negative errno values.
 *
 * @example Fail a fence with a reason of one's own
 * ```ts
 * import { DmaFenceContext, FenceError } from '@dma-fence/core';
 *
 * const context = new DmaFenceContext({ driverName: 'camera', timelineName: 'capture' });
 * const fence = context.createFence();
 * fence.fail(new FenceError('ENODATA', 'the sensor sent an empty frame'));
 * fence.error?.errno; // -61
 * fence.put();
 * ```
 */
export class FenceError extends Error {
  /** Always `FenceError`. */
  override readonly name = 'FenceError';
  /** The code, as a name. */
  readonly code: FenceErrorCode;
  /** The Linux number of the code, negative. */
  readonly errno: number;

  constructor(code: FenceErrorCode, message?: string, options?: { cause?: unknown }) {
    if (!isFenceErrorCode(code)) {
      throw unfit('FenceError: code', 'one of FENCE_ERRNO', code);
    }
    super(message ?? inWords(code), options);
    this.code = code;
    this.errno = FENCE_ERRNO[code];
  }

  /** The form in `JSON.stringify`. Plain errors do not show their message there. */
  toJSON(): { name: string; code: FenceErrorCode; message: string } {
    const { name, code, message } = this;
    return { name, code, message };
  }
}

/** A refused call: what was asked, of whom, and the way out. Thrown before anything has changed. */
export function invalid(message: string): FenceError {
  return new FenceError('EINVAL', message);
}

/** An argument that is refused: `what` must be `wanted`. */
export function unfit(what: string, wanted: string, got: unknown): FenceError {
  return invalid(`${what} must be ${wanted}, not ${describe(got)}`);
}

/** Refuses what is no object. */
export function checkObject(what: string, value: unknown): void {
  if (typeof value !== 'object' || value === null || isArray(value)) throw unfit(what, 'an object', value);
}

/** Refuses what is no object of these options: a key that is none of them (`{ timeout: 5 }`) would quietly do nothing. */
export function checkOptions(what: string, options: object, known: readonly string[]): void {
  checkObject(`${what}: options`, options);
  const key = strangeKey(options, known);
  if (key !== undefined) throw strange(what, key, known);
}

/** A key of `options` that is none of the known ones, inherited ones too: an `AbortSignal` in place of `{ signal }` has some. */
export function strangeKey(options: object, known: readonly string[]): string | undefined {
  for (const key in options) if (!known.includes(key)) return key;
  return undefined;
}

/** Why it is refused, and which keys there are. */
export function strange(what: string, key: string, known: readonly string[]): FenceError {
  return invalid(`${what}: ${describe(key)} is no option; there are ${known.join(', ')}`);
}

/** A received value as an error message shows it, in a few words. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  if (Object(value) !== value) return String(value);
  return typeof value === 'function' ? 'a function' : isArray(value) ? 'an array' : 'an object';
}

/** `Array.isArray`, which throws for a revoked proxy. */
function isArray(value: unknown): boolean {
  return safely(() => Array.isArray(value)) === true;
}

/** Asks a foreign value something; a revoked proxy throws at every question, and has no answer. */
export function safely<R>(ask: () => R): R | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

/** Whether `value` is an error, by its shape where it comes from another realm: there it is no `Error` of ours. */
export function isError(value: unknown): value is Error {
  return (
    safely(() => {
      const shape = value as Partial<Error> | null | undefined;
      return value instanceof Error || (typeof shape?.name === 'string' && typeof shape.message === 'string');
    }) === true
  );
}

/** The code of a `FenceError`, also of one that another copy of this package made. */
function codeOf(error: Error): FenceErrorCode | undefined {
  const { name, code } = error as Partial<FenceError>;
  return name === 'FenceError' && isFenceErrorCode(code) ? code : undefined;
}

/** What a producer's error becomes on `whom`: a code is spelled out, a `FenceError` kept, the rest wrapped. */
export function failureOf(error: FenceErrorCode | Error, whom: string): FenceError {
  if (isError(error)) return wrap(error, whom);
  if (isFenceErrorCode(error)) return new FenceError(error, `${whom} failed with ${inWords(error)}`);
  throw unfit(`${whom}: its error`, 'a code of FENCE_ERRNO or an Error', error);
}

/** What a thrown value becomes on `whom`; anything may be thrown, so anything is accepted. */
export function wrap(thrown: unknown, whom: string): FenceError {
  if (!isError(thrown)) {
    return new FenceError('EIO', `${whom} failed: ${describe(thrown)} was thrown`, { cause: thrown });
  }
  if (thrown instanceof FenceError) return thrown;
  const code =
    codeOf(thrown) ??
    (thrown.name === 'AbortError' ? 'ECANCELED' : thrown.name === 'TimeoutError' ? 'ETIME' : 'EIO');
  return new FenceError(code, `${whom} failed: ${thrown.message}`, { cause: thrown });
}
