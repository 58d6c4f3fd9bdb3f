import type { Link, Span } from '@opentelemetry/api';
import { hrTime } from './clock.js';
import { shortName } from './dependencies.js';
import { markError, markFailure } from './failure.js';
import type { FenceRecord } from './fence-record.js';
import type { FenceSpans } from './fence-spans.js';
import {
  AGE,
  BLOCKED_BY,
  BLOCKED_BY_SPAN_ID,
  ERROR_TYPE,
  QUEUE_DURATION,
  QUEUED_BEHIND,
  QUEUED_BEHIND_SPAN_ID,
  STALLED,
  STATE,
  TIMEOUT,
  WAITER_COUNT,
} from './names.js';
import type { Settings } from './options.js';
import type { SpanFactory } from './span-factory.js';
import { standingOf, type Obstacle, type Standing } from './standing.js';

type State = 'pending' | 'stalled' | 'abandoned' | 'late' | 'released';

/** Makes fences visible that do not signal: a span that does not end is never exported. */
export class PendingSpans {
  readonly #settings: Settings;
  readonly #spans: SpanFactory;
  readonly #fences: FenceSpans;

  constructor(settings: Settings, spans: SpanFactory, fences: FenceSpans) {
    this.#settings = settings;
    this.#spans = spans;
    this.#fences = fences;
  }

  /** A span that is over already, from the creation to now, below the one that cannot be seen yet. */
  mark(record: FenceRecord, at: number, standing: Standing, stalled: boolean): void {
    if (record.span === undefined || record.ended) return;
    const { fence, lane, start, inside, emitted } = record;
    const state = stalled ? 'stalled' : 'pending';
    const marker = this.#spans.start({
      kind: 'fence',
      suffix: state,
      fence,
      lane,
      at: start,
      parent: inside,
      links: linksOf(standing),
    });
    if (marker === undefined) return;
    this.#describe(marker, record, at, state);
    explain(marker, standing);
    if (emitted !== undefined) marker.setAttribute(QUEUE_DURATION, (emitted - start) / 1000);
    if (stalled) markError(marker, STALLED);
    marker.end(hrTime(at));
    record.marker = marker.spanContext();
  }

  /** Hung: nobody believes in it any more. It is an error where no other one that can be looked at is in its way. */
  abandon(record: FenceRecord, at: number, standing: Standing): void {
    const { lane, span } = record;
    if (span !== undefined && !record.ended) {
      this.#describe(span, record, at, 'abandoned');
      span.setAttribute(ERROR_TYPE, TIMEOUT);
      if (linksOf(standing).length === 0) markError(span, TIMEOUT);
      this.#endAsPending(record, at, standing);
    }
    if (lane.queue.oldest === record) {
      lane.queue.givenUp ??= { name: shortName(record.fence), span: record.visible };
    }
  }

  /** The process or the tracing ends first; answers whether there was something to end. */
  flush(record: FenceRecord, at: number): boolean {
    const { span } = record;
    if (span === undefined || record.ended) return false;
    this.#describe(span, record, at, 'pending');
    this.#endAsPending(record, at, standingOf(record));
    return true;
  }

  /** A container that went without a signal. */
  release(record: FenceRecord, at: number): void {
    if (record.span === undefined || record.ended) return;
    this.#describe(record.span, record, at, 'released');
    this.#fences.end(record, at);
  }

  /** It signals after all: a span from where its own ended to now. */
  late(record: FenceRecord, at: number): void {
    const { fence, lane, end, inside } = record;
    const span = this.#spans.start({ kind: 'fence', suffix: 'late', fence, lane, at: end, parent: inside });
    if (span === undefined) return;
    this.#describe(span, record, at, 'late');
    if (fence.error !== undefined) markFailure(span, record, fence.error, this.#settings.isError);
    span.end(hrTime(Math.max(at, end)));
  }

  #endAsPending(record: FenceRecord, at: number, standing: Standing): void {
    const { span } = record;
    if (span === undefined) return;
    for (const link of linksOf(standing)) span.addLink(link);
    explain(span, standing);
    this.#fences.end(record, at);
  }

  #describe(span: Span, record: FenceRecord, at: number, state: State): void {
    span.setAttribute(STATE, state);
    span.setAttribute(AGE, (at - record.start) / 1000);
    const { fence, lane, waiters } = record;
    // Of other threads only those that block are known: none that is known does not mean none.
    const known = waiters + (lane.carrier?.blocked?.(fence.seqno) ?? 0);
    if (known > 0 || !lane.shared) span.setAttribute(WAITER_COUNT, known);
  }
}

function linksOf({ blockedBy, queuedBehind }: Standing): Link[] {
  const spans = new Set([blockedBy?.span, queuedBehind?.span]);
  return [...spans].filter((span) => span !== undefined).map((span) => ({ context: span }));
}

function explain(span: Span, { blockedBy, queuedBehind }: Standing): void {
  name(span, BLOCKED_BY, BLOCKED_BY_SPAN_ID, blockedBy);
  name(span, QUEUED_BEHIND, QUEUED_BEHIND_SPAN_ID, queuedBehind);
}

function name(span: Span, key: string, spanIdKey: string, obstacle: Obstacle | undefined): void {
  if (obstacle === undefined) return;
  span.setAttribute(key, obstacle.name);
  if (obstacle.span !== undefined) span.setAttribute(spanIdKey, obstacle.span.spanId);
}
