import type { DmaFence, DmaFenceContext, FenceError, FenceTracer, WaitOutcome } from '@dma-fence/core';
import { context, ROOT_CONTEXT, type Context, type Span } from '@opentelemetry/api';
import { activeContext } from './active-context.js';
import { errorType } from './failure.js';
import { FenceMetrics } from './fence-metrics.js';
import { keepRecord, recordOf, type FenceRecord } from './fence-record.js';
import { FenceSpans } from './fence-spans.js';
import { Gate } from './gate.js';
import { waiterIn } from './inside-fence.js';
import { Lane } from './lane.js';
import { isContainer } from './leaves.js';
import type { Settings } from './options.js';
import { PendingFences } from './pending-fences.js';
import { PendingSpans } from './pending-spans.js';
import { now } from './platform.js';
import { meterOf, tracerSource } from './providers.js';
import { SpanFactory } from './span-factory.js';
import { WaitSpans } from './wait-spans.js';

/** A wait under way. */
interface WaitToken {
  readonly lane: Lane;
  readonly start: number;
  readonly record: FenceRecord | undefined;
}

/** Core's tracepoints, turned into spans and metrics. */
export class SpanTracer implements FenceTracer {
  readonly #settings: Settings;
  readonly #gate: Gate;
  readonly #fences: FenceSpans;
  readonly #waits: WaitSpans;
  /** Waits that have a span and are not over: nobody else knows them all when tracing ends. */
  readonly #waiting = new Map<WaitToken, Span>();
  readonly #late: PendingSpans;
  readonly #pending: PendingFences;
  readonly #metrics: FenceMetrics | undefined;
  readonly #lanes = new WeakMap<DmaFenceContext, Lane>();
  /** What `include` said; nothing where there is none. */
  readonly #included = new WeakMap<DmaFence, boolean>();
  /** The lane asked for last: mostly the next one too. */
  #context: DmaFenceContext | undefined = undefined;
  #lane: Lane | undefined = undefined;
  #signals = 0;
  /** There only where somebody wants to know. */
  readonly destroy?: (fence: DmaFence) => void;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#gate = new Gate(settings);
    const spans = new SpanFactory(settings);
    const fences = (this.#fences = new FenceSpans(settings, spans, this));
    const late = (this.#late = new PendingSpans(settings, spans, fences));
    this.#waits = new WaitSpans(settings, spans);
    const pending = (this.#pending = new PendingFences(settings, late));
    const meter = meterOf(settings);
    if (meter !== undefined) {
      this.#metrics = new FenceMetrics(meter, settings.metricAttributes, () => pending.oldest);
    }
    if (meter !== undefined || settings.containers) {
      this.destroy = (fence) => {
        this.#destroy(fence);
      };
    }
  }

  // Small, as `signaled` is, so that engines make it part of who creates the fence: what is rare stands by itself.
  init(fence: DmaFence): void {
    const last = fence.context === this.#context ? this.#lane : undefined;
    const uncounted = this.#metrics === undefined;
    // Before the context is asked for, which costs more than all the rest together: while no SDK is registered.
    if (uncounted && last !== undefined && last.tracer === undefined) return;
    const active = activeContext();
    const wanted = this.#gate.passes(active);
    if (wanted || !uncounted) this.#begin(fence, last, active, wanted);
  }

  #begin(fence: DmaFence, last: Lane | undefined, active: Context, wanted: boolean): void {
    const { containers } = this.#settings;
    // The stub is nobody's work: its context is number 0.
    if (fence.context.id === 0) return;
    if (!containers && (last === undefined ? isContainer(fence) : last.container)) return;
    if (!this.#includes(fence)) return;
    const lane = this.#laneOf(fence, fence.context);
    if (lane.series === undefined && lane.tracer === undefined) return;
    const record = this.#fences.start(fence, lane, now(), active, wanted);
    if (record.span === undefined && lane.series === undefined) return;
    keepRecord(record);
    this.#pending.add(record);
    if (lane.series !== undefined) lane.series.pending++;
  }

  emit(fence: DmaFence, timestamp?: number): void {
    const record = this.#open(fence);
    if (record !== undefined) this.#fences.emit(record, timestamp ?? now());
  }

  enableSignal(fence: DmaFence): void {
    const record = this.#open(fence);
    if (record !== undefined) this.#fences.enableSignal(record, now());
  }

  dependency(fence: DmaFence, on: DmaFence): void {
    const record = this.#open(fence);
    // A container's span had its links when it began.
    if (record?.lane.container === false) this.#fences.depend(record, on);
  }

  signaled(fence: DmaFence): void {
    if (fence.traceState !== undefined) this.#end(fence);
  }

  #end(fence: DmaFence): void {
    const record = recordOf(fence, this);
    if (record === undefined) return;
    const at = Math.max(fence.timestamp ?? now(), record.start);
    this.#signals++;
    record.order = this.#signals;
    if (!record.ended) record.end = at;
    record.lane.queue.signaled(record);
    this.#pending.remove(record, at);
    this.#pending.forget(record);
    if (record.span !== undefined) {
      if (record.ended) this.#late.late(record, at);
      else this.#fences.signal(record, at);
    }
    const { series } = record.lane;
    if (series === undefined) return;
    series[record.givenUp === undefined ? 'pending' : 'abandoned']--;
    series[fence.status]++;
    this.#metrics?.signaled(series, at - record.start, this.#errorCode(fence.error));
    // Core fails with EDEADLK what is pending at its last put.
    if (fence.refCount === 0) this.#metrics?.leaked(series);
  }

  #destroy(fence: DmaFence): void {
    const record = recordOf(fence, this);
    if (record === undefined) return;
    const { series } = record.lane;
    const abandoned = record.givenUp !== undefined && !fence.signaled;
    if (series !== undefined) series[abandoned ? 'abandoned' : fence.status]--;
    if (fence.signaled) return;
    this.#pending.forget(record);
    // A container that nobody wanted: it may go without a signal.
    this.#pending.remove(record, now());
    this.#late.release(record, now());
  }

  waitStart(fence: DmaFence): WaitToken | undefined {
    const active = activeContext();
    const wanted = this.#gate.passes(active);
    if (!wanted && this.#metrics === undefined) return undefined;
    if (!this.#includes(fence)) return undefined;
    const lane = this.#laneOf(fence, fence.context);
    const start = now();
    const record = recordOf(fence, this);
    if (record !== undefined) record.waiters++;
    const token = { lane, start, record };
    const span = wanted ? this.#waits.start(fence, lane, start, active, waiterIn(active)) : undefined;
    if (span !== undefined) this.#waiting.set(token, span);
    return token;
  }

  waitEnd(fence: DmaFence, token: unknown, outcome: WaitOutcome): void {
    if (token === undefined) return;
    const wait = token as WaitToken;
    const { lane, start, record } = wait;
    if (record !== undefined) record.waiters--;
    const at = now();
    const error = outcome === 'timeout' ? 'ETIME' : this.#errorCode(fence.error);
    const span = this.#waiting.get(wait);
    if (span !== undefined) {
      this.#waiting.delete(wait);
      this.#waits.end(span, at, outcome, error);
    }
    if (lane.series !== undefined) this.#metrics?.waited(lane.series, at - start, outcome, error);
  }

  /** Where the callback is registered: there it will run. Undefined when it makes no difference. */
  callbackAdded(fence: DmaFence): Context | undefined {
    const active = activeContext();
    const record = this.#open(fence);
    if (record !== undefined) record.callbacks++;
    else if (active === ROOT_CONTEXT && this.#metrics === undefined) return undefined;
    return active;
  }

  callback(fence: DmaFence, run: () => void, token?: unknown): void {
    const registered = token as Context;
    const record = recordOf(fence, this);
    if (record === undefined) {
      context.with(registered, run);
      return;
    }
    const from = now();
    let error: string | undefined;
    try {
      context.with(registered, run);
    } catch (thrown) {
      error = errorType(thrown);
      throw thrown;
    } finally {
      const to = now();
      this.#fences.calledBack(record, from, to, error);
      const { series } = record.lane;
      if (series !== undefined) this.#metrics?.calledBack(series, to - from, error);
    }
  }

  /** Ends the spans of all pending fences, and of who waits, as `pending`; answers how many fences. */
  flushPending(): number {
    this.#fences.endLeftovers();
    const at = now();
    let flushed = 0;
    for (const record of this.#pending) if (this.#late.flush(record, at)) flushed++;
    for (const span of this.#waiting.values()) this.#waits.flush(span, at);
    this.#waiting.clear();
    return flushed;
  }

  /** Ends everything; core tells nothing more. */
  stop(): void {
    this.flushPending();
    this.#pending.stop();
    this.#metrics?.stop();
  }

  /** What `include` says of a fence: it is called once, when the fence is created, or first seen. */
  #includes(fence: DmaFence): boolean {
    const { include } = this.#settings;
    if (include === undefined) return true;
    let included = this.#included.get(fence);
    if (included === undefined) this.#included.set(fence, (included = include(fence)));
    return included;
  }

  /** The record of a fence whose span can still be written to. */
  #open(fence: DmaFence): FenceRecord | undefined {
    const record = recordOf(fence, this);
    return record?.span === undefined || record.ended ? undefined : record;
  }

  #laneOf(fence: DmaFence, fenceContext: DmaFenceContext): Lane {
    if (fenceContext === this.#context && this.#lane !== undefined) return this.#lane;
    let lane = this.#lanes.get(fenceContext);
    if (lane === undefined) {
      const { driverName, timelineName } = fenceContext;
      const series = this.#metrics?.series(driverName, timelineName);
      lane = new Lane(fence, tracerSource(this.#settings, fenceContext), series);
      this.#lanes.set(fenceContext, lane);
    }
    this.#context = fenceContext;
    this.#lane = lane;
    return lane;
  }

  /** The `error.type` of what counts as an error. */
  #errorCode(error: FenceError | undefined): string | undefined {
    return error !== undefined && this.#settings.isError(error) ? error.code : undefined;
  }
}
