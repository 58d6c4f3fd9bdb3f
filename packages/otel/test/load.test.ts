import { DmaFenceContext } from '@dma-fence/core';
import { CountedSpanProcessor, traceFences, type SpanCounts } from '@dma-fence/otel';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { OtlpReceiver } from './support/otlp-receiver.ts';

/** The settings of the guide. */
const SETTINGS = { maxQueueSize: 32_768, maxExportBatchSize: 2048, scheduledDelayMillis: 200 };

async function send(
  fences: number,
  inOneTurn: number,
): Promise<{ received: number; counts: SpanCounts; told: SpanCounts[] }> {
  await using receiver = await OtlpReceiver.listen();
  const told: SpanCounts[] = [];
  const counted = new CountedSpanProcessor(
    new OTLPTraceExporter({ url: receiver.url('traces') }),
    (exporter) => new BatchSpanProcessor({ exporter, ...SETTINGS }),
    { maxQueueSize: SETTINGS.maxQueueSize, onLoss: (counts) => told.push(counts) },
  );
  const provider = new TracerProvider({ spanProcessors: [counted] });
  using _tracing = traceFences({ tracerProvider: provider, meterProvider: false });
  const gpu = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
  for (let count = 1; count <= fences; count++) {
    const fence = gpu.createFence();
    fence.signal();
    fence.put();
    if (count % inOneTurn !== 0) continue;
    // As much as the backend takes: a producer that is faster than that has to lose something.
    do await setImmediate();
    while (counted.counts.ended - counted.counts.exported > SETTINGS.maxQueueSize / 2);
  }
  await provider.shutdown();
  return { received: receiver.spans.length, counts: counted.counts, told };
}

describe('many fences', () => {
  it('arrive, each of them, with the settings of the guide', async () => {
    const { received, counts, told } = await send(100_000, 1000);
    expect(counts).toEqual({ ended: 100_000, exported: 100_000, failed: 0, dropped: 0 });
    expect(received).toBe(100_000);
    expect(told).toEqual([]);
  });

  it('that are too many at once are counted as lost, and told', async () => {
    const { received, counts, told } = await send(50_000, 50_000);
    expect(received).toBe(counts.exported);
    expect(counts.dropped).toBeGreaterThan(0);
    expect(counts.exported + counts.dropped).toBe(50_000);
    expect(told.at(-1)).toEqual(counts);
  });
});
