import type { Attributes, HrTime, Span } from '@opentelemetry/api';

export type SpanEventName =
  'dma_fence.emit' | 'dma_fence.enable_signal' | 'dma_fence.signaled' | 'dma_fence.slow_callback';

/**
 * Marks a moment on a span. Every event of this package is made here: OpenTelemetry means to replace span events
 * by logs, and Jaeger shows only the former.
 */
export function addSpanEvent(span: Span, name: SpanEventName, at: HrTime, attributes?: Attributes): void {
  span.addEvent(name, attributes, at);
}
