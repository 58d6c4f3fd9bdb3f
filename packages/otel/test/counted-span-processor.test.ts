import { DmaFenceContext } from '@dma-fence/core';
import { CountedSpanProcessor, traceFences, type SpanCounts } from '@dma-fence/otel';
import { diag, DiagLogLevel, ROOT_CONTEXT } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { AlwaysOffSampler, BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OtlpReceiver } from './support/otlp-receiver.ts';
import { lend } from './support/lend.ts';

describe('CountedSpanProcessor', () => {
  const gpu = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
  let receiver: OtlpReceiver;
  const said: string[] = [];
  const losses: SpanCounts[] = [];
  const reasons: unknown[] = [];

  beforeEach(async () => {
    receiver = await OtlpReceiver.listen();
    said.length = losses.length = reasons.length = 0;
    const quiet = {
      info: () => undefined,
      debug: () => undefined,
      verbose: () => undefined,
      error: () => undefined,
    };
    diag.setLogger({ ...quiet, warn: (message) => said.push(message) }, DiagLogLevel.WARN);
  });
  afterEach(async () => {
    diag.disable();
    await receiver[Symbol.asyncDispose]();
  });

  /** A provider whose spans are counted; the settings are the batch processor's. */
  function counted(settings: {
    maxQueueSize: number;
    maxExportBatchSize: number;
    scheduledDelayMillis: number;
  }) {
    const processor = new CountedSpanProcessor(
      new OTLPTraceExporter({ url: receiver.url('traces'), timeoutMillis: 2000 }),
      (exporter) => new BatchSpanProcessor({ exporter, ...settings }),
      {
        maxQueueSize: settings.maxQueueSize,
        onLoss: (counts, error) => {
          losses.push(counts);
          reasons.push(error);
        },
      },
    );
    const provider = new TracerProvider({ spanProcessors: [processor] });
    return { processor, provider };
  }

  it('counts what arrives', async () => {
    const { processor, provider } = counted({
      maxQueueSize: 100,
      maxExportBatchSize: 10,
      scheduledDelayMillis: 200,
    });
    using _tracing = traceFences({ tracerProvider: provider, meterProvider: false });
    for (let count = 0; count < 25; count++) lend(gpu.createFence()).signal();
    await provider.forceFlush();
    await provider.shutdown();
    expect(processor.counts).toEqual({ ended: 25, exported: 25, failed: 0, dropped: 0 });
    expect(receiver.spans).toHaveLength(25);
    expect(said).toEqual([]);
    expect(losses).toEqual([]);
  });

  it('counts, and says, what a full queue drops', async () => {
    const { processor, provider } = counted({
      maxQueueSize: 10,
      maxExportBatchSize: 10,
      scheduledDelayMillis: 200,
    });
    using _tracing = traceFences({ tracerProvider: provider, meterProvider: false });
    // In one turn: the queue takes ten, sends them, takes ten more.
    for (let count = 0; count < 100; count++) lend(gpu.createFence()).signal();
    await provider.shutdown();
    expect(receiver.spans.length).toBe(processor.counts.exported);
    expect(processor.counts).toEqual({ ended: 100, exported: 20, failed: 0, dropped: 80 });
    expect(losses.at(-1)).toEqual(processor.counts);
    expect(said.at(-1)).toBe(
      '@dma-fence/otel: of 100 spans 80 were dropped because the queue was full, 0 because the export failed',
    );
  });

  it('says so while the process runs, as soon as more is missing than the queue can hold', async () => {
    const { processor, provider } = counted({
      maxQueueSize: 10,
      maxExportBatchSize: 10,
      scheduledDelayMillis: 1,
    });
    using _tracing = traceFences({ tracerProvider: provider, meterProvider: false });
    for (let count = 0; count < 100; count++) lend(gpu.createFence()).signal();
    await expect.poll(() => losses.length).toBeGreaterThan(0);
    expect(processor.counts.dropped).toBeGreaterThanOrEqual(70);
    await provider.shutdown();
    expect(processor.counts.dropped).toBe(80);
  });

  it('counts, and says, what could not be delivered', async () => {
    receiver.answer = 400;
    const { processor, provider } = counted({
      maxQueueSize: 100,
      maxExportBatchSize: 10,
      scheduledDelayMillis: 200,
    });
    using _tracing = traceFences({ tracerProvider: provider, meterProvider: false });
    for (let count = 0; count < 5; count++) lend(gpu.createFence()).signal();
    await expect(provider.forceFlush()).rejects.toBeDefined();
    expect(processor.counts).toEqual({ ended: 5, exported: 0, failed: 5, dropped: 0 });
    expect(losses).toHaveLength(1);
    expect(said).toHaveLength(1);
    // The exporter's own error, with the status of the answer.
    expect(reasons).toEqual([processor.lastError]);
    expect(processor.lastError).toMatchObject({ code: 400 });
    await provider.shutdown();
  });

  it('passes everything on, between provider and processor, and between processor and exporter', async () => {
    const calls: string[] = [];
    const done = (call: string) => {
      calls.push(call);
      return Promise.resolve();
    };
    const bare = { export: () => undefined, shutdown: () => done('exporter shutdown') };
    for (const exporter of [{ ...bare, forceFlush: () => done('exporter flush') }, bare]) {
      const processor = new CountedSpanProcessor<string, never, { code: number }>(exporter, (given) => ({
        onStart: (span) => void calls.push(`start ${span}`),
        onEnding: (span) => void calls.push(`ending ${span}`),
        onEnd: () => undefined,
        forceFlush: () => given.forceFlush?.() ?? Promise.resolve(),
        shutdown: () => given.shutdown(),
      }));
      processor.onStart('a', ROOT_CONTEXT);
      processor.onEnding('a');
      await processor.forceFlush();
      await processor.shutdown();
    }
    const common = ['start a', 'ending a'];
    expect(calls).toEqual([...common, 'exporter flush', 'exporter shutdown', ...common, 'exporter shutdown']);
  });

  it('does not count what is not sampled', async () => {
    const processor = new CountedSpanProcessor(
      new OTLPTraceExporter({ url: receiver.url('traces') }),
      (exporter) => new BatchSpanProcessor({ exporter }),
    );
    const provider = new TracerProvider({ spanProcessors: [processor], sampler: new AlwaysOffSampler() });
    using _tracing = traceFences({ tracerProvider: provider, meterProvider: false });
    lend(gpu.createFence()).signal();
    await provider.shutdown();
    expect(processor.counts).toEqual({ ended: 0, exported: 0, failed: 0, dropped: 0 });
  });

  it('hands on the end of a span to a processor that wants to know of it, and asks no other', () => {
    const told: string[] = [];
    const quiet = {
      onStart: () => undefined,
      onEnd: () => undefined,
      forceFlush: () => Promise.resolve(),
      shutdown: () => Promise.resolve(),
    };
    const exporter = new OTLPTraceExporter({ url: receiver.url('traces') });
    const span = { spanContext: () => ({ traceId: '', spanId: '', traceFlags: 0 }) } as never;
    const deaf = new CountedSpanProcessor(exporter, () => quiet);
    const attentive = new CountedSpanProcessor(exporter, () => ({
      ...quiet,
      onEnding: () => void told.push('ending'),
    }));
    for (const processor of [deaf, attentive]) {
      processor.onEnding(span);
      processor.onEnd(span);
    }
    expect(told).toEqual(['ending']);
    expect([deaf.counts.ended, attentive.counts.ended]).toEqual([0, 0]);
  });
});
