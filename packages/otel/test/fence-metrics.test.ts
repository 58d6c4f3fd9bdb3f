import {
  DmaFenceContext,
  fenceArray,
  setCallbackErrorHandler,
  setWarningHandler,
  traceDependency,
} from '@dma-fence/core';
import { traceFences, type FenceTracing, type TraceFencesOptions } from '@dma-fence/otel';
import { context } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { AlwaysOffSampler, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OtlpReceiver, type ReceivedMetric } from './support/otlp-receiver.ts';
import { lend } from './support/lend.ts';
import { unsampled } from './support/rig.ts';
import { startClock, stopClock } from './support/virtual-clock.ts';

describe('metrics', () => {
  let receiver: OtlpReceiver;
  let meterProvider: MeterProvider;
  let tracing: FenceTracing | undefined;
  const gpu = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
  const audio = new DmaFenceContext({ driverName: 'snd', timelineName: 'out' });

  beforeEach(async () => {
    receiver = await OtlpReceiver.listen();
    const exporter = new OTLPMetricExporter({ url: receiver.url('metrics') });
    meterProvider = new MeterProvider({
      readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })],
    });
  });
  afterEach(async () => {
    tracing?.[Symbol.dispose]();
    startClock();
    await meterProvider.shutdown();
    await receiver[Symbol.asyncDispose]();
  });

  function trace(options: TraceFencesOptions = {}): void {
    tracing = traceFences({ meterProvider, ...options });
  }

  async function metric(name: string): Promise<ReceivedMetric | undefined> {
    await meterProvider.forceFlush();
    return receiver.metrics.find((metric) => metric.name === name);
  }

  const points = (metric: ReceivedMetric | undefined) =>
    metric?.points.map(({ attributes, value, count }) => ({ attributes, value, count }));

  it('count the fences that are alive by state, sampled or not', async () => {
    trace();
    using pending = gpu.createFence();
    const signaled = context.with(unsampled(), () => lend(gpu.createFence()));
    using failed = gpu.createFence();
    const gone = gpu.createFence();
    using other = audio.createFence();
    signaled.signal();
    failed.fail('EIO');
    gone.signal();
    gone.put();
    const count = await metric('dma_fence.count');
    expect(count).toMatchObject({
      unit: '{fence}',
      kind: 'sum',
      schemaUrl: 'https://opentelemetry.io/schemas/1.37.0',
    });
    expect(
      count?.points.map(({ attributes, value }) => [
        attributes['dma_fence.driver.name'],
        attributes['dma_fence.state'],
        value,
      ]),
    ).toEqual([
      ['gpu', 'pending', 1],
      ['gpu', 'signaled', 1],
      ['gpu', 'failed', 1],
      ['snd', 'pending', 1],
      ['snd', 'signaled', 0],
      ['snd', 'failed', 0],
    ]);
    pending.signal();
    other.signal();
  });

  it('time signals in seconds, failures beside successes, a cancellation being none', async () => {
    stopClock();
    trace();
    const fences = Array.from({ length: 4 }, () => lend(gpu.createFence()));
    vi.advanceTimersByTime(250);
    fences[0]?.signal();
    fences[1]?.fail('ECANCELED');
    fences[2]?.fail('EIO');
    fences[3]?.fail('EIO');
    startClock();
    const duration = await metric('dma_fence.signal.duration');
    expect(duration).toMatchObject({ unit: 's', kind: 'histogram' });
    expect(points(duration)).toEqual([
      { attributes: { 'dma_fence.driver.name': 'gpu' }, value: 0.5, count: 2 },
      { attributes: { 'dma_fence.driver.name': 'gpu', 'error.type': 'EIO' }, value: 0.5, count: 2 },
    ]);
    expect(duration?.points[0]?.bounds).toEqual([
      1e-5, 5e-5, 1e-4, 5e-4, 1e-3, 5e-3, 0.01, 0.05, 0.1, 0.5, 1, 5, 10,
    ]);
  });

  it('time waits by outcome', async () => {
    trace();
    using fence = gpu.createFence();
    await expect(fence.wait({ timeoutMs: 0 })).rejects.toThrow();
    const waited = fence.wait();
    fence.signal();
    await waited;
    expect(
      (await metric('dma_fence.wait.duration'))?.points.map(({ attributes, count }) => [attributes, count]),
    ).toEqual([
      [{ 'dma_fence.driver.name': 'gpu', 'dma_fence.wait.outcome': 'timeout', 'error.type': 'ETIME' }, 1],
      [{ 'dma_fence.driver.name': 'gpu', 'dma_fence.wait.outcome': 'signaled' }, 1],
    ]);
  });

  it('time callbacks, those that throw apart', async () => {
    using _handler = setCallbackErrorHandler(() => undefined);
    trace();
    using fence = gpu.createFence();
    fence.addCallback(() => undefined);
    fence.addCallback(() => {
      throw new RangeError('callback');
    });
    fence.signal();
    expect(
      (await metric('dma_fence.callback.duration'))?.points.map(({ attributes, count }) => [
        attributes,
        count,
      ]),
    ).toEqual([
      [{ 'dma_fence.driver.name': 'gpu' }, 1],
      [{ 'dma_fence.driver.name': 'gpu', 'error.type': 'RangeError' }, 1],
    ]);
  });

  it('tell the age of a fence that was given up, and count it by itself, until it signals', async () => {
    stopClock('setTimeout', 'clearTimeout');
    trace({ pendingAfterMs: 1000, hangAfterMs: 5000 });
    const [hung, lost] = [lend(gpu.createFence()), lend(gpu.createFence())];
    vi.advanceTimersByTime(8000);
    lend(gpu.createFence());
    const states = async (): Promise<Record<string, number>> => {
      const all = (await metric('dma_fence.count'))?.points ?? [];
      return Object.fromEntries(
        all.map(({ attributes, value }) => [String(attributes['dma_fence.state']), value]),
      );
    };
    expect((await metric('dma_fence.pending.age'))?.points[0]?.value).toBe(8);
    expect(await states()).toEqual({ pending: 1, signaled: 0, failed: 0, abandoned: 2 });
    hung.signal();
    expect((await metric('dma_fence.pending.age'))?.points[0]?.value).toBe(8);
    lost.fail('EIO');
    expect((await metric('dma_fence.pending.age'))?.points[0]?.value).toBe(0);
    expect(await states()).toEqual({ pending: 1, signaled: 1, failed: 1, abandoned: 0 });
  });

  it('tell the age of the oldest of any number that were given up, until all have signaled', async () => {
    stopClock('setTimeout', 'clearTimeout');
    trace({ pendingAfterMs: 1000, hangAfterMs: 5000 });
    const hung = Array.from({ length: 1030 }, () => lend(gpu.createFence()));
    vi.advanceTimersByTime(6000);
    expect((await metric('dma_fence.pending.age'))?.points[0]?.value).toBe(6);
    for (const fence of hung) fence.signal();
    expect((await metric('dma_fence.pending.age'))?.points[0]?.value).toBe(0);
  });

  it('count as over what a span processor signals when its span is given up', async () => {
    stopClock('setTimeout', 'clearTimeout');
    const processor = { onStart: () => undefined, onEnd: () => void hung.signal() };
    const tracerProvider = new TracerProvider({
      spanProcessors: [
        { ...processor, forceFlush: () => Promise.resolve(), shutdown: () => Promise.resolve() },
      ],
    });
    trace({ tracerProvider, pendingAfterMs: 5000, hangAfterMs: 5000 });
    const hung = lend(gpu.createFence());
    vi.advanceTimersByTime(5000);
    expect(hung.signaled).toBe(true);
    expect((await metric('dma_fence.pending.age'))?.points[0]?.value).toBe(0);
    const states = (await metric('dma_fence.count'))?.points.map(({ attributes, value }) => [
      attributes['dma_fence.state'],
      value,
    ]);
    expect(Object.fromEntries(states ?? [])).toMatchObject({ pending: 0, signaled: 1 });
  });

  it('tell the age of the oldest pending fence, 0 without one', async () => {
    stopClock();
    trace({ hangAfterMs: Infinity });
    using old = gpu.createFence();
    vi.advanceTimersByTime(2000);
    using young = gpu.createFence();
    vi.advanceTimersByTime(500);
    const age = await metric('dma_fence.pending.age');
    expect(age).toMatchObject({ unit: 's', kind: 'gauge' });
    expect(age?.points[0]?.value).toBe(2.5);
    old.signal();
    expect((await metric('dma_fence.pending.age'))?.points[0]?.value).toBe(0.5);
    young.signal();
    expect((await metric('dma_fence.pending.age'))?.points[0]?.value).toBe(0);
  });

  it('count leaks: fences put before they were signaled', async () => {
    using _handler = setWarningHandler(() => undefined);
    trace();
    gpu.createFence().put();
    const leaks = await metric('dma_fence.leaks');
    expect(leaks).toMatchObject({ unit: '{fence}', kind: 'sum' });
    expect(points(leaks)).toEqual([{ attributes: { 'dma_fence.driver.name': 'gpu' }, value: 1, count: 0 }]);
    expect((await metric('dma_fence.count'))?.points.map(({ value }) => value)).toEqual([0, 0, 0]);
  });

  it.each<[string, TraceFencesOptions, object]>([
    ['by default by driver', {}, { 'dma_fence.driver.name': 'gpu' }],
    [
      'by timeline when asked',
      { metricAttributes: ['driver', 'timeline'] },
      { 'dma_fence.driver.name': 'gpu', 'dma_fence.timeline.name': 'ring0' },
    ],
    ['by nothing for the least cost', { metricAttributes: [] }, {}],
  ])('are told apart %s, never by context or seqno', async (_, options, attributes) => {
    trace(options);
    lend(gpu.createFence()).signal();
    expect((await metric('dma_fence.signal.duration'))?.points[0]?.attributes).toEqual(attributes);
  });

  it('watch what is not sampled, which shows nowhere else, however long it takes', async () => {
    stopClock('setTimeout', 'clearTimeout');
    const provider = new TracerProvider({ sampler: new AlwaysOffSampler() });
    trace({ tracerProvider: provider, pendingAfterMs: 1000, hangAfterMs: 5000, containers: true });
    const ops = { enableSignaling: () => true };
    const lazy = new DmaFenceContext({ driverName: 'gpu', timelineName: 'lazy', ops });
    using input = gpu.createFence();
    using fence = lazy.createFence();
    fence.emit();
    traceDependency(fence, input);
    fence.addCallback(() => undefined);
    const waited = fence.wait();
    fenceArray([input]).put();
    vi.advanceTimersByTime(2000);
    expect(tracing?.flushPending()).toBe(0);
    vi.advanceTimersByTime(10_000);
    fence.signal();
    input.signal();
    await waited;
    startClock();
    const duration = await metric('dma_fence.signal.duration');
    expect(duration?.points.map(({ value, count }) => ({ value, count }))).toEqual([{ value: 24, count: 2 }]);
    const count = await metric('dma_fence.count');
    expect(
      count?.points
        .filter(({ attributes }) => attributes['dma_fence.driver.name'] === 'dma_fence_array')
        .map(({ value }) => value),
    ).toEqual([0, 0, 0]);
  });

  it('end with the tracing', async () => {
    trace();
    lend(gpu.createFence()).signal();
    tracing?.[Symbol.dispose]();
    lend(gpu.createFence()).signal();
    expect(await metric('dma_fence.count')).toBeUndefined();
    expect((await metric('dma_fence.signal.duration'))?.points[0]?.count).toBe(1);
  });

  it('are not made with meterProvider: false', async () => {
    trace({ meterProvider: false });
    lend(gpu.createFence()).signal();
    expect(await metric('dma_fence.signal.duration')).toBeUndefined();
  });
});
