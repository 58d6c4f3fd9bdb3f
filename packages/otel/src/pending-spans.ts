import type { Span } from '@opentelemetry/api';
import { hrTime } from './clock.js';
import { markError, markFailure } from './failure.js';
import type { FenceRecord } from './fence-record.js';
import type { FenceSpans } from './fence-spans.js';
import { AGE, BLOCKED_BY, STATE, TIMEOUT, WAITER_COUNT } from './names.js';
import type { Settings } from './options.js';
import type { SpanFactory } from './span-factory.js';

type State = 'pending' | 'abandoned' | 'late' | 'released';

/** Makes fences visible that do not signal: a span that does not end is never exported. */
export class PendingSpans {
  readonly #settings: Settings;
  readonly #spans: SpanFactory;
  readonly #fences: FenceSpans;
  readonly #owner: object;

  constructor(settings: Settings, spans: SpanFactory, fences: FenceSpans, owner: object) {
    this.#settings = settings;
    this.#spans = spans;
    this.#fences = fences;
    this.#owner = owner;
  }

  /** A span that is over already, from the creation to now, below the one that cannot be seen yet. */
  mark(record: FenceRecord, at: number): void {
    if (record.span === undefined || record.ended) return;
    const { fence, lane, dependencies, start, inside } = record;
    const links = dependencies?.pendingLinks;
    const marker = this.#spans.start({
      kind: 'fence',
      suffix: 'pending',
      fence,
      lane,
      at: start,
      parent: inside,
      links,
    });
    if (marker === undefined) return;
    this.#describe(marker, record, at, 'pending');
    const blocker = dependencies?.blocker(this.#owner);
    if (blocker !== undefined) marker.setAttribute(BLOCKED_BY, blocker);
    marker.end(hrTime(at));
  }

  /** Hung: nobody believes in it any more. */
  abandon(record: FenceRecord, at: number): void {
    if (record.span === undefined || record.ended) return;
    this.#describe(record.span, record, at, 'abandoned');
    markError(record.span, TIMEOUT);
    this.#fences.end(record, at);
  }

  /** The process or the tracing ends first; answers whether there was something to end. */
  flush(record: FenceRecord, at: number): boolean {
    if (record.span === undefined || record.ended) return false;
    this.#describe(record.span, record, at, 'pending');
    this.#fences.end(record, at);
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
    if (fence.error !== undefined) markFailure(span, fence, fence.error, this.#settings.isError);
    span.end(hrTime(Math.max(at, end)));
  }

  #describe(span: Span, record: FenceRecord, at: number, state: State): void {
    span.setAttribute(STATE, state);
    span.setAttribute(AGE, (at - record.start) / 1000);
    span.setAttribute(WAITER_COUNT, record.waiters);
  }
}
