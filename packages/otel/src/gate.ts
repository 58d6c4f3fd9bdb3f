import {
  createContextKey,
  INVALID_TRACEID,
  ROOT_CONTEXT,
  trace,
  TraceFlags,
  type Context,
} from '@opentelemetry/api';

/** The key of `suppressTracing` in `@opentelemetry/core`: `createContextKey` is `Symbol.for`, so the text is enough. */
const SUPPRESSED = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** What decides before the SDK is asked, which costs some hundred nanoseconds even for a no. */
export interface GateOptions {
  readonly requireParent: boolean;
  readonly sampling: 'parent' | 'ask';
}

/** Whether a span that would begin in `active` is worth asking the SDK for. */
export function passesGate(active: Context, { requireParent, sampling }: GateOptions): boolean {
  // Most code outside of a request runs here.
  if (active === ROOT_CONTEXT) return !requireParent;
  if (active.getValue(SUPPRESSED) === true) return false;
  const parent = trace.getSpan(active)?.spanContext();
  if (parent === undefined || parent.traceId === INVALID_TRACEID) return !requireParent;
  return sampling === 'ask' || (parent.traceFlags & TraceFlags.SAMPLED) !== 0;
}
