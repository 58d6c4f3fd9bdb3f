import { diag, TraceFlags, type Context, type SpanContext } from '@opentelemetry/api';
import { SCOPE_NAME } from './names.js';

/**
 * What an exporter of an SDK looks like, of whichever major.
 *
 * @example A function that takes any
 * ```ts
 * import type { SpanExporterShape } from '@dma-fence/otel';
 *
 * const stop = (exporter: SpanExporterShape<never, { code: number }>): Promise<void> => exporter.shutdown();
 * ```
 */
export interface SpanExporterShape<S, R extends { code: number; error?: Error }> {
  /** Sends spans; tells how it went. */
  export(spans: S[], resultCallback: (result: R) => void): void;
  /** Sends nothing more. */
  shutdown(): Promise<void>;
  /** Waits for what is being sent. */
  forceFlush?(): Promise<void>;
}

/**
 * What a span processor of an SDK looks like, of whichever major.
 *
 * @example A function that takes any
 * ```ts
 * import type { SpanProcessorShape } from '@dma-fence/otel';
 *
 * const flush = (processor: SpanProcessorShape<never, never>): Promise<void> => processor.forceFlush();
 * ```
 */
export interface SpanProcessorShape<L, S> {
  /** A span began. */
  onStart(span: L, parentContext: Context): void;
  /** A span is about to end, and can still be written to. */
  onEnding?(span: L): void;
  /** A span has ended. */
  onEnd(span: S): void;
  /** Sends what has ended. */
  forceFlush(): Promise<void>;
  /** Sends what has ended, and nothing more. */
  shutdown(): Promise<void>;
}

/**
 * What became of the sampled spans that ended.
 *
 * @example Nothing was lost
 * ```ts
 * import type { SpanCounts } from '@dma-fence/otel';
 *
 * const complete = ({ ended, exported }: SpanCounts): boolean => ended === exported;
 * ```
 */
export interface SpanCounts {
  /** All of them. */
  readonly ended: number;
  /** The backend has them. */
  readonly exported: number;
  /** The exporter could not deliver them. */
  readonly failed: number;
  /** Never reached the exporter, because the queue before it was full. At least so many; exact after a flush. */
  readonly dropped: number;
}

/** `ExportResultCode.SUCCESS` of `@opentelemetry/core`. */
const SUCCESS = 0;

/**
 * Counts what an SDK's batch processor and exporter lose, and says so: by themselves they are silent about it.
 *
 * Losses are told to OpenTelemetry's `diag` (silent too, unless the application sets a logger) and to `onLoss`, as soon
 * as they are certain: when an export fails, when more is missing than the queue can hold, and exactly at each flush.
 *
 * @example The settings for a hundred thousand fences a second
 * ```ts
 * import { CountedSpanProcessor } from '@dma-fence/otel';
 * import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
 * import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
 *
 * const settings = { maxQueueSize: 32_768, maxExportBatchSize: 2048, scheduledDelayMillis: 200 };
 * const counted = new CountedSpanProcessor(
 *   new OTLPTraceExporter(),
 *   (exporter) => new BatchSpanProcessor({ exporter, ...settings }),
 *   { maxQueueSize: settings.maxQueueSize, onLoss: ({ dropped, failed }, error) =>
 *       process.emitWarning(`${String(dropped)} spans dropped, ${String(failed)} not delivered: ${error?.message ?? 'no error'}`) },
 * );
 * const provider = new TracerProvider({ spanProcessors: [counted] });
 * await provider.shutdown();
 * ```
 */
export class CountedSpanProcessor<
  L,
  S extends { spanContext(): SpanContext },
  R extends { code: number; error?: Error },
> implements SpanProcessorShape<L, S> {
  readonly #processor: SpanProcessorShape<L, S>;
  readonly #maxQueueSize: number;
  readonly #onLoss: ((counts: SpanCounts, error: Error | undefined) => void) | undefined;
  #ended = 0;
  #handed = 0;
  #exported = 0;
  #failed = 0;
  #dropped = 0;
  #lastError: Error | undefined = undefined;
  /** How many losses were told of. */
  #told = 0;

  /**
   * @param exporter where spans go in the end.
   * @param processor makes the SDK's processor around the exporter that it is given.
   * @param options `maxQueueSize` as given to that processor, 2048 by default; `onLoss` is told the counts when more is lost,
   * and why the last export failed, if one did.
   */
  constructor(
    exporter: SpanExporterShape<S, R>,
    processor: (exporter: SpanExporterShape<S, R>) => SpanProcessorShape<L, S>,
    options: {
      maxQueueSize?: number;
      onLoss?: (counts: SpanCounts, error: Error | undefined) => void;
    } = {},
  ) {
    this.#maxQueueSize = options.maxQueueSize ?? 2048;
    this.#onLoss = options.onLoss;
    this.#processor = processor({
      export: (spans, done) => {
        this.#handed += spans.length;
        this.#dropped = Math.max(this.#dropped, this.#ended - this.#handed - this.#maxQueueSize);
        exporter.export(spans, (result) => {
          if (result.code === SUCCESS) this.#exported += spans.length;
          else {
            this.#failed += spans.length;
            this.#lastError = result.error;
          }
          this.#tell();
          done(result);
        });
      },
      shutdown: () => exporter.shutdown(),
      forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
    });
  }

  /** What became of the spans so far. */
  get counts(): SpanCounts {
    return {
      ended: this.#ended,
      exported: this.#exported,
      failed: this.#failed,
      dropped: this.#dropped,
    };
  }

  /** Why the last export that failed did: a refused connection, a status of HTTP. Undefined while none has. */
  get lastError(): Error | undefined {
    return this.#lastError;
  }

  /** A span began. */
  onStart(span: L, parentContext: Context): void {
    this.#processor.onStart(span, parentContext);
  }

  /** A span is about to end. */
  onEnding(span: L): void {
    this.#processor.onEnding?.(span);
  }

  /** A span has ended: it is counted if it was sampled. */
  onEnd(span: S): void {
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0) this.#ended++;
    this.#processor.onEnd(span);
  }

  /** Sends what has ended; the counts are then exact. */
  forceFlush(): Promise<void> {
    return this.#settle(() => this.#processor.forceFlush());
  }

  /** Sends what has ended, and nothing more; the counts are then exact. */
  shutdown(): Promise<void> {
    return this.#settle(() => this.#processor.shutdown());
  }

  /** After a flush the queue is empty: what has not come to the exporter by then, never will. */
  async #settle(flush: () => Promise<void>): Promise<void> {
    const ended = this.#ended;
    const flushed = flush();
    try {
      await flushed;
    } finally {
      // Spans that ended meanwhile may still be in the queue, or not.
      if (this.#ended === ended) this.#dropped = Math.max(this.#dropped, ended - this.#handed);
      this.#tell();
    }
  }

  #tell(): void {
    const lost = this.#failed + this.#dropped;
    if (lost <= this.#told) return;
    this.#told = lost;
    const { counts } = this;
    diag.warn(
      `${SCOPE_NAME}: of ${String(counts.ended)} spans ${String(counts.dropped)} were dropped because the queue was full, ${String(counts.failed)} because the export failed`,
    );
    this.#onLoss?.(counts, this.#lastError);
  }
}
