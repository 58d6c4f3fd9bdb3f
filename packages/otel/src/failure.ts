import type { DmaFence, FenceError } from '@dma-fence/core';
import { SpanStatusCode, type Span } from '@opentelemetry/api';
import { shortName } from './dependencies.js';
import { ERROR_SOURCE, ERROR_TYPE, STATE } from './names.js';

/** A low-cardinality name for anything thrown; never its message, which may tell secrets. */
export function errorType(thrown: unknown): string {
  if (!(thrown instanceof Error)) return '_OTHER';
  const { code } = thrown as { code?: unknown };
  return typeof code === 'string' ? code : thrown.name;
}

/** Which fence failed first with an error, by name: containers and jobs hand on the object. */
const sources = new WeakMap<FenceError, string>();

/** Puts a fence's failure on its span. Success leaves the status unset, and so does what is no error. */
export function markFailure(
  span: Span,
  fence: DmaFence,
  error: FenceError,
  isError: (error: FenceError) => boolean,
): void {
  const name = shortName(fence);
  const source = sources.get(error);
  if (source === undefined) sources.set(error, name);
  else if (source !== name) span.setAttribute(ERROR_SOURCE, source);
  if (isError(error)) markError(span, error.code);
  else span.setAttribute(STATE, error.code === 'ECANCELED' ? 'canceled' : 'failed');
}

/** Marks a span as failed; the type is not repeated in the description. */
export function markError(span: Span, type: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute(ERROR_TYPE, type);
}
