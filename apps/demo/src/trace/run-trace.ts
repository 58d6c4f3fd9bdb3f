import { CountedSpanProcessor, traceFences, type FenceTracing } from '@dma-fence/otel';
import { context, trace, type Attributes, type Span, type TracerProvider } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider as SdkTracerProvider } from '@opentelemetry/sdk-trace';

import { PASSES } from '../pass/pass.js';
import { workOf, type WorkRecord } from '../pipeline/work.js';

/** What was sent of a run. */
export interface SentTrace {
  /** Where to. */
  readonly url: string;
  readonly traceId: string;
  /** Spans that arrived there. */
  readonly spans: number;
  /** Spans that did not. */
  readonly lost: number;
  /** Whether there were more fences than a trace can show. */
  readonly cut: boolean;
}

/** So many spans a trace viewer shows with ease; a run that has more is told from its beginning. */
const MOST_SPANS = 10_000;

/** Keeps up with a hundred thousand fences a second. */
const QUEUE = { maxQueueSize: 32_768, maxExportBatchSize: 2048, scheduledDelayMillis: 200 };

/** A collector that does not answer must not keep the run from ending. */
const PATIENCE_MS = 5000;

/**
 * Sends a run to an OpenTelemetry collector, through the official SDK: one trace, whose root is the run, below it the
 * pictures, below these their fences and waits.
 *
 * Viewers know no lanes, but colour by service: so each engine, each upload and readback queue is a service of its own.
 */
export class RunTrace {
  readonly #url: string;
  readonly #processor: ReturnType<typeof countedProcessor>;
  readonly #root: Span;
  readonly #tracing: FenceTracing;
  #spans = 0;
  #pictures = 0;

  /**
   * @param url - of the collector's traces, `/v1/traces` included
   * @param attributes - what is to be known of the run
   */
  constructor(url: string, attributes: Attributes) {
    this.#url = url;
    this.#processor = countedProcessor(url);
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    this.#root = this.#providerOf('demo').getTracer('demo').startSpan('run', { attributes });
    this.#tracing = traceFences({
      meterProvider: false,
      requireParent: true,
      tracerProvider: ({ timelineName }) => this.#providerOf(`demo ${timelineName}`),
      include: (fence) => workOf(fence) !== undefined && this.#spans < MOST_SPANS,
      spanName: (fence, kind) =>
        kind === 'fence' ? (nameOf(workOf(fence)) ?? fence.context.timelineName) : undefined,
      onSpan: (span, fence) => {
        this.#spans += 1;
        const work = workOf(fence);
        if (work === undefined) return;
        span.setAttributes({
          'demo.work': work.label,
          'demo.picture': work.frame,
          // As `dma_fence.blocked_by` names it: a viewer's search then finds it by that.
          'demo.fence': `${String(fence.context.id)}:${String(fence.seqno)}`,
        });
      },
    });
  }

  /** Runs what belongs to the run as a whole. */
  inside<R>(work: () => Promise<R>): Promise<R> {
    return context.with(trace.setSpan(context.active(), this.#root), work);
  }

  /** Runs what belongs to one picture, as a span of its own. */
  async picture<R>(name: string, work: () => Promise<R>): Promise<R> {
    const span = this.#providerOf('demo')
      .getTracer('demo')
      .startSpan('picture', { attributes: { 'demo.name': name, 'demo.picture': this.#pictures } });
    this.#pictures += 1;
    this.#spans += 1;
    try {
      return await context.with(trace.setSpan(context.active(), span), work);
    } finally {
      span.end();
    }
  }

  /** Ends the trace, and waits until it was sent or cannot be. */
  async end(): Promise<SentTrace> {
    this.#tracing[Symbol.dispose]();
    this.#root.end();
    // What was lost on the way is in the counts.
    await this.#processor.shutdown().catch(() => undefined);
    context.disable();
    const { ended, exported } = this.#processor.counts;
    return {
      url: this.#url,
      traceId: this.#root.spanContext().traceId,
      spans: exported,
      lost: ended - exported,
      cut: this.#spans >= MOST_SPANS,
    };
  }

  /** Providers differ in the name of the service, and send through one queue. */
  #providerOf(service: string): TracerProvider {
    return new SdkTracerProvider({
      resource: resourceFromAttributes({ 'service.name': service }),
      spanProcessors: [this.#processor],
    });
  }
}

// The types are the SDK's and long; they follow from the exporter.
function countedProcessor(url: string) {
  return new CountedSpanProcessor(
    new OTLPTraceExporter({ url, timeoutMillis: PATIENCE_MS }),
    (exporter) => new BatchSpanProcessor({ exporter, ...QUEUE }),
    { maxQueueSize: QUEUE.maxQueueSize },
  );
}

const WORK_NAMES = [...PASSES.map(({ name }) => name), 'upload', 'readback'];
const WORK_NAME = new RegExp(` (${WORK_NAMES.join('|')})(?: \\d+/\\d+)?$`);

/** What is done, without the picture before it and the band behind it: few names for many fences. */
function nameOf(work: WorkRecord | undefined): string | undefined {
  return WORK_NAME.exec(work?.label ?? '')?.[1];
}
