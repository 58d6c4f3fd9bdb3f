import { context, trace, type Span, type Tracer } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor, TracerProvider, type Sampler } from '@opentelemetry/sdk-trace';
import { DmaFenceContext } from '@dma-fence/core';
import { traceFences, type FenceTracing, type TraceFencesOptions } from '@dma-fence/otel';
import { OtlpReceiver, type ReceivedSpan } from './otlp-receiver.ts';

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());

interface RigOptions extends TraceFencesOptions {
  format?: 'json' | 'protobuf';
  sampler?: Sampler;
  /** False: the test begins tracing itself. */
  tracing?: boolean;
}

/** An SDK that exports to a receiver over HTTP, and fences traced into it. */
export class Rig implements AsyncDisposable {
  readonly receiver: OtlpReceiver;
  readonly provider: TracerProvider;
  readonly tracing: FenceTracing;
  /** The application's own tracer. */
  readonly tracer: Tracer;
  readonly gpu = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });

  private constructor(receiver: OtlpReceiver, { format, sampler, tracing, ...options }: RigOptions) {
    this.receiver = receiver;
    const url = receiver.url('traces');
    const exporter = format === 'protobuf' ? new ProtobufExporter({ url }) : new JsonExporter({ url });
    const spanProcessors = [new BatchSpanProcessor({ exporter, maxQueueSize: 20_000 })];
    this.provider = new TracerProvider({ spanProcessors, ...(sampler !== undefined && { sampler }) });
    this.tracer = this.provider.getTracer('application');
    this.tracing =
      tracing === false
        ? { flushPending: () => 0, [Symbol.dispose]: () => undefined }
        : traceFences({ tracerProvider: this.provider, meterProvider: false, ...options });
  }

  static async start(options: RigOptions = {}): Promise<Rig> {
    return new Rig(await OtlpReceiver.listen(), options);
  }

  /** What the backend has by now, in order of their start. */
  async spans(): Promise<ReceivedSpan[]> {
    await this.provider.forceFlush();
    return this.receiver.spans.toSorted((a, b) => Number(a.start - b.start));
  }

  /** The one span of that name. */
  async span(name: string): Promise<ReceivedSpan> {
    const spans = (await this.spans()).filter((span) => span.name === name);
    if (spans.length !== 1) {
      const all = (await this.spans()).map((span) => span.name);
      throw new Error(`${String(spans.length)} spans are called ${name}; there are ${all.join(', ')}`);
    }
    return spans[0] as ReceivedSpan;
  }

  /** Runs `work` inside a span of the application's. */
  inside<R>(name: string, work: (span: Span) => R): R {
    return this.tracer.startActiveSpan(name, (span) => {
      try {
        return work(span);
      } finally {
        span.end();
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.tracing[Symbol.dispose]();
    await this.provider.shutdown();
    await this.receiver[Symbol.asyncDispose]();
  }
}

/** The id of a span as the backend knows it. */
export function idOf(span: Span): string {
  return span.spanContext().spanId;
}

/** A context in which spans have an unsampled parent. */
export function unsampled() {
  return trace.setSpanContext(context.active(), {
    traceId: '0123456789abcdef0123456789abcdef',
    spanId: '0123456789abcdef',
    traceFlags: 0,
  });
}
