import type {
  Attributes,
  Counter,
  Histogram,
  Meter,
  ObservableGauge,
  ObservableUpDownCounter,
} from '@opentelemetry/api';
import { DRIVER_NAME, ERROR_TYPE, STATE, TIMELINE_NAME, WAIT_OUTCOME } from './names.js';
import { now } from './platform.js';

/** Ten microseconds to ten seconds: from a callback to a stalled queue. */
const BOUNDARIES = [1e-5, 5e-5, 1e-4, 5e-4, 1e-3, 5e-3, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/** The fences that share their metric attributes: counted here, read when the SDK collects. */
export class Series {
  readonly attributes: Attributes;
  pending = 0;
  signaled = 0;
  failed = 0;
  /** Pending, and given up. */
  abandoned = 0;
  /** Whether there ever was one: else it is not worth a line of its own. */
  gaveUp = false;
  readonly #extended = new Map<string, Attributes>();

  constructor(attributes: Attributes) {
    this.attributes = attributes;
  }

  /** The attributes with one more; made once for each value. */
  with(key: string, value: string | undefined, on: Attributes = this.attributes): Attributes {
    if (value === undefined) return on;
    const id = `${String(on[WAIT_OUTCOME])} ${key} ${value}`;
    let extended = this.#extended.get(id);
    if (extended === undefined) this.#extended.set(id, (extended = { ...on, [key]: value }));
    return extended;
  }
}

/** The instruments. Their attributes are few by design: never a context, never a seqno. */
export class FenceMetrics {
  readonly #keys: readonly ('driver' | 'timeline')[];
  readonly #series = new Map<string, Series>();
  readonly #signalDuration: Histogram;
  readonly #waitDuration: Histogram;
  readonly #callbackDuration: Histogram;
  readonly #leaks: Counter;
  readonly #count: ObservableUpDownCounter;
  readonly #age: ObservableGauge;
  readonly #observeCount: Parameters<ObservableUpDownCounter['addCallback']>[0];
  readonly #observeAge: Parameters<ObservableGauge['addCallback']>[0];

  constructor(meter: Meter, keys: readonly ('driver' | 'timeline')[], oldest: () => number | undefined) {
    this.#keys = keys;
    const histogram = (name: string, description: string): Histogram =>
      meter.createHistogram(name, {
        description,
        unit: 's',
        advice: { explicitBucketBoundaries: BOUNDARIES },
      });
    this.#signalDuration = histogram(
      'dma_fence.signal.duration',
      'From the creation of a fence to its signal.',
    );
    this.#waitDuration = histogram('dma_fence.wait.duration', 'How long waits for fences took.');
    this.#callbackDuration = histogram(
      'dma_fence.callback.duration',
      'How long callbacks kept the signal of their fence from returning.',
    );
    this.#leaks = meter.createCounter('dma_fence.leaks', {
      description: 'Fences whose last reference was put before they were signaled.',
      unit: '{fence}',
    });
    this.#count = meter.createObservableUpDownCounter('dma_fence.count', {
      description: 'Fences that are alive, by state.',
      unit: '{fence}',
    });
    this.#age = meter.createObservableGauge('dma_fence.pending.age', {
      description: 'Age of the oldest fence that has not signaled; 0 when there is none.',
      unit: 's',
    });
    this.#observeCount = (result) => {
      for (const series of this.#series.values()) {
        for (const state of ['pending', 'signaled', 'failed'] as const) {
          result.observe(series[state], series.with(STATE, state));
        }
        if (series.gaveUp) result.observe(series.abandoned, series.with(STATE, 'abandoned'));
      }
    };
    this.#observeAge = (result) => {
      const start = oldest();
      result.observe(start === undefined ? 0 : (now() - start) / 1000);
    };
    this.#count.addCallback(this.#observeCount);
    this.#age.addCallback(this.#observeAge);
  }

  /** The counters for fences of these names. */
  series(driverName: string, timelineName: string): Series {
    const attributes: Attributes = {};
    if (this.#keys.includes('driver')) attributes[DRIVER_NAME] = driverName;
    if (this.#keys.includes('timeline')) attributes[TIMELINE_NAME] = timelineName;
    const id = JSON.stringify(attributes);
    let series = this.#series.get(id);
    if (series === undefined) this.#series.set(id, (series = new Series(attributes)));
    return series;
  }

  signaled(series: Series, ms: number, error: string | undefined): void {
    this.#signalDuration.record(ms / 1000, series.with(ERROR_TYPE, error));
  }

  waited(series: Series, ms: number, outcome: string, error: string | undefined): void {
    this.#waitDuration.record(ms / 1000, series.with(ERROR_TYPE, error, series.with(WAIT_OUTCOME, outcome)));
  }

  calledBack(series: Series, ms: number, error: string | undefined): void {
    this.#callbackDuration.record(ms / 1000, series.with(ERROR_TYPE, error));
  }

  leaked(series: Series): void {
    this.#leaks.add(1, series.attributes);
  }

  /** Observes no more. */
  stop(): void {
    this.#count.removeCallback(this.#observeCount);
    this.#age.removeCallback(this.#observeAge);
  }
}
