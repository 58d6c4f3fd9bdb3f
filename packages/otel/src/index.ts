/**
 * # `@dma-fence/otel`
 *
 * OpenTelemetry spans and metrics of fences. Needs only `@opentelemetry/api`; the SDK is the application's.
 *
 * - A fence is a span from creation to signal, a wait is a child of whoever waits, linked to the fence.
 * - What never signals is shown all the same: `pending` spans, then `abandoned`.
 * - Nothing of a fence's data and no error message leaves the process: names, numbers, codes and times do.
 *
 * Guide: `docs/tracing.md`.
 *
 * @packageDocumentation
 */
export {
  CountedSpanProcessor,
  type SpanCounts,
  type SpanExporterShape,
  type SpanProcessorShape,
} from './counted-span-processor.js';
export { FenceInstrumentation, type FenceInstrumentationConfig } from './fence-instrumentation.js';
export { insideFence } from './inside-fence.js';
export type { FenceSpanKind, TraceFencesOptions } from './options.js';
export { traceFences, type FenceTracing } from './trace-fences.js';
export {
  decodeTraceContext,
  encodeTraceContext,
  fenceSpanContext,
  linkFence,
  TRACE_CONTEXT_BYTES,
} from './trace-context.js';
