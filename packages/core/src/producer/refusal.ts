import {
  checkOptions,
  describe,
  failureOf,
  FenceError,
  isError,
  strangeKey,
  unfit,
  type FenceErrorCode,
} from '../error.js';

/**
 * Who refuses something: the beginning of an error message, or an object that knows it, so that it costs nothing until it is
 * needed.
 *
 * @example A job
 * ```ts
 * import type { Refuser } from '@dma-fence/core/producer';
 *
 * const job: Refuser = {
 *   get who() {
 *     return 'job "resize" of app:pictures';
 *   },
 * };
 * ```
 */
export type Refuser = string | { readonly who: string };

const nameOf = (who: Refuser): string => (typeof who === 'string' ? who : who.who);

/**
 * The error of a call that is refused; throw it before anything has changed.
 *
 * @param who refuses it.
 * @param why and the way out.
 * @param code `EINVAL` by default.
 *
 * @example Full
 * ```ts
 * import { refusal } from '@dma-fence/core/producer';
 *
 * refusal('queue app:pictures', 'is closed; make another', 'ECANCELED').message; // 'queue app:pictures: is closed; make another'
 * ```
 */
export function refusal(who: Refuser, why: string, code: FenceErrorCode = 'EINVAL'): FenceError {
  return new FenceError(code, `${nameOf(who)}: ${why}`);
}

/**
 * The error of an argument that is refused, worded as core does.
 *
 * @param who refuses it.
 * @param what is wrong.
 * @param wanted what it must be.
 * @param got what it is.
 *
 * @example Not a number
 * ```ts
 * import { unfitArgument } from '@dma-fence/core/producer';
 *
 * unfitArgument('queue', 'credits', 'a number', 'x').message; // 'queue: credits must be a number, not "x"'
 * ```
 */
export function unfitArgument(who: Refuser, what: string, wanted: string, got: unknown): FenceError {
  return unfit(`${nameOf(who)}: ${what}`, wanted, got);
}

/**
 * Refuses what is no object of these options.
 *
 * @param who refuses it.
 * @param options what a user gave.
 * @param known every key that there is.
 * @throws FenceError `EINVAL` for anything but an object, and for a key that is none of them.
 *
 * @example A misspelt option
 * ```ts
 * import { checkKeys } from '@dma-fence/core/producer';
 *
 * checkKeys('queue', { credits: 2 }, ['credits', 'ordered']);
 * ```
 */
export function checkKeys(who: Refuser, options: object, known: readonly string[]): void {
  // The name is made for an error only.
  if (Object(options) !== options || strangeKey(options, known) !== undefined) {
    checkOptions(nameOf(who), options, known);
  }
}

/**
 * The error that a code or an `Error` stands for, as `DriverFence.fail` takes them.
 *
 * @param who failed.
 * @param error a code, a `FenceError`, which is kept, or another error, which becomes the cause.
 * @throws FenceError `EINVAL` for anything else.
 *
 * @example From a code
 * ```ts
 * import { errorOf } from '@dma-fence/core/producer';
 *
 * errorOf('job 7', 'ENODEV').code; // 'ENODEV'
 * ```
 */
export function errorOf(who: Refuser, error: FenceErrorCode | Error): FenceError {
  return error instanceof FenceError ? error : failureOf(error, nameOf(who));
}

/**
 * The error that the reason of an `AbortSignal` stands for; anything may be one. What is no error is the cause of an `ECANCELED`.
 *
 * @param who was aborted.
 * @param reason `signal.reason`.
 *
 * @example A word
 * ```ts
 * import { abortErrorOf } from '@dma-fence/core/producer';
 *
 * abortErrorOf('job 7', 'user left').code; // 'ECANCELED'
 * ```
 */
export function abortErrorOf(who: Refuser, reason: unknown): FenceError {
  if (isError(reason)) return errorOf(who, reason);
  return new FenceError('ECANCELED', `${nameOf(who)}: aborted: ${describe(reason)}`, { cause: reason });
}
