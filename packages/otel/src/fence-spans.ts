import type { DmaFence, TraceCarrier } from '@dma-fence/core';
import type { Context, HrTime, Span, SpanContext } from '@opentelemetry/api';
import { hrTime } from './clock.js';
import { Dependencies, shortName } from './dependencies.js';
import { markError, markFailure } from './failure.js';
import { anyRecordOf, FenceRecord } from './fence-record.js';
import type { Lane } from './lane.js';
import {
  BLOCKED_BY,
  BLOCKED_BY_SPAN_ID,
  CALLBACK_DURATION,
  DEPENDENCIES,
  DEPENDENCY_COUNT,
  QUEUE_DURATION,
} from './names.js';
import type { Settings } from './options.js';
import { addSpanEvent } from './span-event.js';
import type { SpanFactory } from './span-factory.js';
import { decodeTraceContext, encodeTraceContext } from './trace-context.js';

/** The span that the first thread made of the same fence: the producer's, who has the fence before all others. */
function spanElsewhere(carrier: TraceCarrier, fence: DmaFence): SpanContext | undefined {
  const bytes = carrier.read(fence.seqno);
  return bytes === undefined ? undefined : decodeTraceContext(bytes);
}

/** Spans of fences, from creation to signal. */
export class FenceSpans {
  readonly #settings: Settings;
  readonly #spans: SpanFactory;
  readonly #owner: object;
  /** Signaled, but callbacks that belong on the span have not run yet, or were removed. */
  #ending: FenceRecord[] = [];
  /** Linked to the producer's span from the start; only of fences that other threads or processes have too. */
  readonly #linked = new WeakSet<FenceRecord>();

  constructor(settings: Settings, spans: SpanFactory, owner: object) {
    this.#settings = settings;
    this.#spans = spans;
    this.#owner = owner;
  }

  /** Begins the span of a new fence, where one is wanted and recorded. */
  start(fence: DmaFence, lane: Lane, at: number, parent: Context, wanted: boolean): FenceRecord {
    if (!wanted) return new FenceRecord(this.#owner, fence, lane, at, parent, undefined);
    // What a container is made of is known now; samplers see only the links that a span begins with.
    const dependencies = lane.container ? new Dependencies(this.#settings.maxLinks) : undefined;
    const { carrier } = lane;
    const producer = carrier === undefined ? undefined : spanElsewhere(carrier, fence);
    const links = producer === undefined ? dependencies?.add(fence) : [{ context: producer }];
    const span = this.#spans.start({ kind: 'fence', fence, lane, at, parent, links });
    const record = new FenceRecord(this.#owner, fence, lane, at, parent, span);
    record.dependencies = dependencies;
    if (producer !== undefined) this.#linked.add(record);
    else if (span !== undefined) {
      carrier?.offer(fence.seqno, encodeTraceContext(span.spanContext()));
    }
    return record;
  }

  emit(record: FenceRecord, timestamp: number): void {
    const { span, start } = record;
    if (span === undefined) return;
    const at = Math.max(timestamp, start);
    record.emitted = at;
    addSpanEvent(span, 'dma_fence.emit', hrTime(at));
    span.setAttribute(QUEUE_DURATION, (at - start) / 1000);
  }

  enableSignal({ span }: FenceRecord, at: number): void {
    if (span !== undefined) addSpanEvent(span, 'dma_fence.enable_signal', hrTime(at));
  }

  depend(record: FenceRecord, on: DmaFence): void {
    const dependencies = (record.dependencies ??= new Dependencies(this.#settings.maxLinks));
    for (const link of dependencies.add(on)) record.span?.addLink(link);
  }

  /** Ends the span, once the callbacks that are still to run have run: what is to be said of them goes on it. */
  signal(record: FenceRecord, at: number): void {
    const { span, fence } = record;
    if (span === undefined) return;
    const time = hrTime(at);
    addSpanEvent(span, 'dma_fence.signaled', time);
    if (record.lane.carrier !== undefined) this.#linkLate(record, span, record.lane.carrier);
    if (fence.error !== undefined) markFailure(span, record, fence.error, this.#settings.isError);
    if (record.callbacks === 0) {
      this.end(record, at, time);
      return;
    }
    record.end = at;
    if (this.#ending.push(record) > 1) return;
    void Promise.resolve().then(() => {
      this.endLeftovers();
    });
  }

  /** A callback has run. One that threw gets a span of its own, a slow one is marked. */
  calledBack(record: FenceRecord, from: number, to: number, error: string | undefined): void {
    const { span, lane, fence } = record;
    if (span === undefined) return;
    if (error !== undefined) {
      const child = this.#spans.start({ kind: 'callback', fence, lane, at: from, parent: record.inside });
      if (child !== undefined) {
        markError(child, error);
        child.end(hrTime(to));
      }
    }
    if (record.ended) return;
    if (to - from >= this.#settings.slowCallbackMs) {
      addSpanEvent(span, 'dma_fence.slow_callback', hrTime(from), {
        [CALLBACK_DURATION]: (to - from) / 1000,
      });
    }
    record.callbacks--;
    if (record.callbacks === 0) this.end(record, record.end);
  }

  end(record: FenceRecord, at: number, time: HrTime = hrTime(at)): void {
    const { span, dependencies } = record;
    if (span === undefined || record.ended) return;
    if (dependencies !== undefined) this.#tellOf(dependencies, record, span);
    if (record.emitted !== undefined && this.#settings.work)
      this.#showWork(record, Math.min(record.emitted, at), time);
    record.end = at;
    record.ended = true;
    span.end(time);
  }

  /** The producer may have made its fence after ours: what it said of it has come with the signal at the latest. */
  #linkLate(record: FenceRecord, span: Span, carrier: TraceCarrier): void {
    if (this.#linked.has(record)) return;
    const producer = spanElsewhere(carrier, record.fence);
    if (producer !== undefined && producer.spanId !== span.spanContext().spanId)
      span.addLink({ context: producer });
  }

  #tellOf(dependencies: Dependencies, record: FenceRecord, span: Span): void {
    // A finished fence must not keep what it once waited for.
    record.dependencies = undefined;
    if (dependencies.count === 0) return;
    span.setAttribute(DEPENDENCY_COUNT, dependencies.count);
    span.setAttribute(DEPENDENCIES, dependencies.names);
    // What a pending one waits for has been told.
    if (!record.fence.signaled) return;
    const blocker = dependencies.blocker(this.#owner);
    if (blocker === undefined) return;
    span.setAttribute(BLOCKED_BY, shortName(blocker));
    const spanId = anyRecordOf(blocker)?.span?.spanContext().spanId;
    if (spanId !== undefined) span.setAttribute(BLOCKED_BY_SPAN_ID, spanId);
  }

  /** The second part of the fence's time: the first is what it waited for its turn. */
  #showWork({ fence, lane, inside }: FenceRecord, from: number, to: HrTime): void {
    this.#spans.start({ kind: 'work', fence, lane, at: from, parent: inside })?.end(to);
  }

  /** Ends what signaled with callbacks that never ran: they were removed. */
  endLeftovers(): void {
    for (const record of this.#ending.splice(0)) this.end(record, record.end);
  }
}
