import type { FenceError } from '@dma-fence/core';
import { SpanStatusCode, type Span } from '@opentelemetry/api';
import { shortName } from './dependencies.js';
import type { FenceRecord } from './fence-record.js';
import { ERROR_SOURCE, ERROR_SOURCE_SPAN_ID, ERROR_TYPE, STATE } from './names.js';

/** A low-cardinality name for anything thrown; never its message, which may tell secrets. */
export function errorType(thrown: unknown): string {
  if (!(thrown instanceof Error)) return '_OTHER';
  const { code } = thrown as { code?: unknown };
  return typeof code === 'string' ? code : thrown.name;
}

/** Where an error appeared first. */
interface Source {
  readonly name: string;
  readonly spanId: string;
}

/** Which fence failed first with an error: containers and jobs hand on the object. */
const sources = new WeakMap<FenceError, Source>();

/**
 * Where a fence's error comes from. A shared timeline hands on the code alone, and each fence makes an error of it: one that fails
 * with the code of a failed dependency has it from there.
 */
function sourceOf({ fence, dependencies }: FenceRecord, span: Span, error: FenceError): Source {
  let source = sources.get(error);
  if (source === undefined) {
    const cause = dependencies?.failedWith(error.code);
    source = (cause && sources.get(cause)) ?? { name: shortName(fence), spanId: span.spanContext().spanId };
    sources.set(error, source);
  }
  return source;
}

/** Puts a fence's failure on a span of it. Success leaves the status unset, and so does what is no error. */
export function markFailure(
  span: Span,
  record: FenceRecord,
  error: FenceError,
  isError: (error: FenceError) => boolean,
): void {
  const { name, spanId } = sourceOf(record, span, error);
  if (name !== shortName(record.fence)) {
    span.setAttribute(ERROR_SOURCE, name);
    span.setAttribute(ERROR_SOURCE_SPAN_ID, spanId);
  }
  if (isError(error)) markError(span, error.code);
  else span.setAttribute(STATE, error.code === 'ECANCELED' ? 'canceled' : 'failed');
}

/** Marks a span as failed; the type is not repeated in the description. */
export function markError(span: Span, type: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute(ERROR_TYPE, type);
}
