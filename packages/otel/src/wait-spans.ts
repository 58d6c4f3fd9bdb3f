import type { DmaFence, WaitOutcome } from '@dma-fence/core';
import type { Context, Span } from '@opentelemetry/api';
import { hrTime } from './clock.js';
import { Dependencies, shortName } from './dependencies.js';
import { markError } from './failure.js';
import type { FenceRecord } from './fence-record.js';
import type { Lane } from './lane.js';
import { DEPENDENCY_COUNT, STATE, WAIT_OUTCOME, WAITER } from './names.js';
import type { Settings } from './options.js';
import type { SpanFactory } from './span-factory.js';

/** Spans of waits: children of where the waiter stands, linked to what it waits for. */
export class WaitSpans {
  readonly #settings: Settings;
  readonly #spans: SpanFactory;

  constructor(settings: Settings, spans: SpanFactory) {
    this.#settings = settings;
    this.#spans = spans;
  }

  start(
    fence: DmaFence,
    lane: Lane,
    at: number,
    parent: Context,
    waiter: FenceRecord | undefined,
  ): Span | undefined {
    const dependencies = new Dependencies(this.#settings.maxLinks);
    const links = dependencies.add(fence);
    const span = this.#spans.start({ kind: 'wait', fence, lane, at, parent, links, waiter });
    if (waiter !== undefined) span?.setAttribute(WAITER, shortName(waiter.fence));
    if (lane.container) span?.setAttribute(DEPENDENCY_COUNT, dependencies.count);
    return span;
  }

  end(span: Span, at: number, outcome: WaitOutcome, error: string | undefined): void {
    span.setAttribute(WAIT_OUTCOME, outcome);
    if (error !== undefined) markError(span, error);
    span.end(hrTime(at));
  }

  /** The process or the tracing ends before the wait. */
  flush(span: Span, at: number): void {
    span.setAttribute(STATE, 'pending');
    span.end(hrTime(at));
  }
}
