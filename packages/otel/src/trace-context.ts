import { FenceError, isDmaFence, type DmaFence } from '@dma-fence/core';
import { INVALID_SPANID, INVALID_TRACEID, isSpanContextValid, type SpanContext } from '@opentelemetry/api';
import { anyRecordOf } from './fence-record.js';

/**
 * How many bytes a trace context takes: trace id 16, span id 8, flags 1.
 *
 * @example Room for one beside the values of a ring
 * ```ts
 * import { TRACE_CONTEXT_BYTES } from '@dma-fence/otel';
 *
 * new SharedArrayBuffer(64 * TRACE_CONTEXT_BYTES);
 * ```
 */
export const TRACE_CONTEXT_BYTES = 25;

const SPAN_ID_AT = 16;
const FLAGS_AT = 24;

/** Two hexadecimal digits for each byte. */
const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * Writes a span's identity as 25 bytes, for another thread or process: shared memory, a message, a file.
 *
 * @param spanContext whose; its trace state is left behind. An invalid one is written as none, all zero.
 * @param target where to, a new array by default.
 * @param offset at which byte, 0 by default.
 * @returns `target`.
 * @throws FenceError `EINVAL` when `target` has no room.
 *
 * @example To a worker
 * ```ts
 * import { DmaFenceContext } from '@dma-fence/core';
 * import { encodeTraceContext, fenceSpanContext } from '@dma-fence/otel';
 *
 * const fence = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' }).createFence();
 * const spanContext = fenceSpanContext(fence);
 * const message = { seqno: fence.seqno, trace: spanContext && encodeTraceContext(spanContext) };
 * fence.signal();
 * fence.put();
 * ```
 */
export function encodeTraceContext(
  spanContext: SpanContext,
  target: Uint8Array = new Uint8Array(TRACE_CONTEXT_BYTES),
  offset = 0,
): Uint8Array {
  checkRoom('encodeTraceContext', target, offset);
  if (!isSpanContextValid(spanContext)) return target.fill(0, offset, offset + TRACE_CONTEXT_BYTES);
  const { traceId, spanId, traceFlags } = spanContext;
  for (let byte = 0; byte < SPAN_ID_AT; byte++) target[offset + byte] = digits(traceId, byte);
  for (let byte = 0; byte < FLAGS_AT - SPAN_ID_AT; byte++) {
    target[offset + SPAN_ID_AT + byte] = digits(spanId, byte);
  }
  target[offset + FLAGS_AT] = traceFlags;
  return target;
}

/**
 * Reads what `encodeTraceContext` wrote.
 *
 * @param source where from.
 * @param offset at which byte, 0 by default.
 * @returns the span's identity, marked as remote; undefined where no span was written (all zero).
 * @throws FenceError `EINVAL` when `source` ends too early.
 *
 * @example In the worker, as the parent of what is done there
 * ```ts
 * import { context, trace } from '@opentelemetry/api';
 * import { decodeTraceContext } from '@dma-fence/otel';
 *
 * function onMessage(message: { trace: Uint8Array }, work: () => void): void {
 *   const remote = decodeTraceContext(message.trace);
 *   context.with(remote ? trace.setSpanContext(context.active(), remote) : context.active(), work);
 * }
 * ```
 */
export function decodeTraceContext(source: Uint8Array, offset = 0): SpanContext | undefined {
  checkRoom('decodeTraceContext', source, offset);
  let traceId = '';
  for (let byte = 0; byte < SPAN_ID_AT; byte++) traceId += HEX[source[offset + byte] as number] as string;
  let spanId = '';
  for (let byte = SPAN_ID_AT; byte < FLAGS_AT; byte++)
    spanId += HEX[source[offset + byte] as number] as string;
  if (traceId === INVALID_TRACEID || spanId === INVALID_SPANID) return undefined;
  return { traceId, spanId, traceFlags: source[offset + FLAGS_AT] as number, isRemote: true };
}

/**
 * The identity of a fence's span, to link to it or to send it along with the fence.
 *
 * @param fence any; borrowed.
 * @returns undefined when the fence is not traced or not sampled.
 * @throws FenceError `EINVAL` for what is no fence.
 *
 * @example A span of one's own that names the fence it is about
 * ```ts
 * import { DmaFenceContext } from '@dma-fence/core';
 * import { fenceSpanContext } from '@dma-fence/otel';
 * import { trace } from '@opentelemetry/api';
 *
 * const fence = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' }).createFence();
 * const rendered = fenceSpanContext(fence);
 * const span = trace.getTracer('app').startSpan('present', { links: rendered ? [{ context: rendered }] : [] });
 * span.end();
 * fence.signal();
 * fence.put();
 * ```
 */
export function fenceSpanContext(fence: DmaFence): SpanContext | undefined {
  checkFence('fenceSpanContext', fence);
  return anyRecordOf(fence)?.span?.spanContext();
}

/**
 * Links a fence's span to another span: the one of the same fence in the thread that it came from, say.
 *
 * @param fence a pending one; borrowed.
 * @param spanContext of the other span.
 * @returns whether there was a span to link from, and one to link to: false when the fence is not traced, not sampled, or over,
 * and for the context of a span that was never recorded.
 * @throws FenceError `EINVAL` for what is no fence, or no span context.
 *
 * @example The importing side
 * ```ts
 * import { DmaFenceContext } from '@dma-fence/core';
 * import { decodeTraceContext, linkFence } from '@dma-fence/otel';
 *
 * const imported = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' }).createFence();
 * const exporter = decodeTraceContext(new Uint8Array(25));
 * if (exporter !== undefined) linkFence(imported, exporter);
 * imported.signal();
 * imported.put();
 * ```
 */
export function linkFence(fence: DmaFence, spanContext: SpanContext): boolean {
  checkFence('linkFence', fence);
  if (typeof spanContext !== 'object' || (spanContext as unknown) === null) {
    throw new FenceError('EINVAL', `linkFence(): a span context is wanted, not ${typeof spanContext}`);
  }
  const record = anyRecordOf(fence);
  if (!isSpanContextValid(spanContext)) return false;
  if (record?.span === undefined || record.ended) return false;
  record.span.addLink({ context: spanContext });
  return true;
}

/** Throws `EINVAL` for what is no fence. */
export function checkFence(call: string, fence: DmaFence): void {
  if (!isDmaFence(fence)) throw new FenceError('EINVAL', `${call}(): a fence is wanted, not ${typeof fence}`);
}

/** One byte of a hexadecimal text. */
function digits(text: string, byte: number): number {
  return Number.parseInt(text.slice(byte * 2, byte * 2 + 2), 16);
}

function checkRoom(call: string, bytes: Uint8Array, offset: number): void {
  if (Number.isInteger(offset) && offset >= 0 && offset + TRACE_CONTEXT_BYTES <= bytes.length) return;
  throw new FenceError(
    'EINVAL',
    `${call}(): a trace context takes ${String(TRACE_CONTEXT_BYTES)} bytes, there are ${String(bytes.length - offset)} from ${String(offset)}`,
  );
}
