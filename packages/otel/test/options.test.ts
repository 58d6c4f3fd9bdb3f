import { DmaFenceContext, signaledFence } from '@dma-fence/core';
import { traceFences, type TraceFencesOptions } from '@dma-fence/otel';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { describe, expect, it } from 'vitest';
import { lend } from './support/lend.ts';
import { Rig } from './support/rig.ts';

describe('traceFences', () => {
  it.each<[string, TraceFencesOptions]>([
    ['sampling', { sampling: 'never' as 'ask' }],
    ['maxLinks', { maxLinks: 129 }],
    ['maxLinks', { maxLinks: 1.5 }],
    ['maxLinks', { maxLinks: -1 }],
    ['pendingAfterMs', { pendingAfterMs: 0 }],
    ['pendingAfterMs', { pendingAfterMs: Number.NaN }],
    ['hangAfterMs', { hangAfterMs: -1 }],
    ['slowCallbackMs', { slowCallbackMs: Number.NaN }],
    ['pendingAfterMs', { pendingAfterMs: '5' as unknown as number }],
    ['requireParent', { requireParent: 1 as unknown as boolean }],
    ['containers', { containers: 'no' as unknown as boolean }],
    ['tracerProvider', { tracerProvider: {} as TracerProvider }],
    ['tracerProvider', { tracerProvider: null as unknown as TracerProvider }],
    ['meterProvider', { meterProvider: true as unknown as false }],
    ['metricAttributes', { metricAttributes: ['seqno'] as unknown as ['driver'] }],
    ['metricAttributes', { metricAttributes: 'driver' as unknown as ['driver'] }],
    ['include', { include: true as unknown as () => boolean }],
    ['spanName', { spanName: 'job' as unknown as () => string }],
    ['onSpan', { onSpan: {} as () => void }],
    ['isError', { isError: null as unknown as () => boolean }],
    ['options', null as unknown as TraceFencesOptions],
    ['options', 5 as unknown as TraceFencesOptions],
  ])('refuses a wrong %s and traces nothing', (option, options) => {
    expect(() => traceFences(options)).toThrow(
      expect.objectContaining({
        code: 'EINVAL',
        message: expect.stringContaining(`traceFences(): ${option} must be`) as string,
      }) as Error,
    );
    using fence = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' }).createFence();
    expect(fence.traceState).toBeUndefined();
    fence.signal();
  });

  it('looks only at the fences that include picks', async () => {
    await using rig = await Rig.start({ include: ({ seqno }) => seqno % 2 === 0 });
    for (let count = 0; count < 4; count++) lend(rig.gpu.createFence()).signal();
    expect((await rig.spans()).map(({ attributes }) => attributes['dma_fence.seqno'])).toEqual(['2', '4']);
  });

  it('asks include once a fence, at its creation, however often it is waited for', async () => {
    const asked: number[] = [];
    await using rig = await Rig.start({ include: ({ seqno }) => asked.push(seqno) % 2 === 1 });
    const [first, second] = [lend(rig.gpu.createFence()), lend(rig.gpu.createFence())];
    expect(asked).toEqual([1, 2]);
    const waits = [first.wait(), first.wait(), second.wait(), second.wait()];
    first.signal();
    second.signal();
    await Promise.all(waits);
    expect(asked).toEqual([1, 2]);
    expect((await rig.spans()).map(({ attributes }) => attributes['dma_fence.seqno'])).toEqual([
      '1',
      '1',
      '1',
    ]);
  });

  it('does not look at the stub, which is nobody’s work', async () => {
    await using rig = await Rig.start({ containers: true });
    // The first one in this thread is the one that begins.
    signaledFence().put();
    expect(await rig.spans()).toEqual([]);
  });

  it('names spans as spanName says, or by default', async () => {
    await using rig = await Rig.start({
      spanName: ({ context }, kind) => (kind === 'fence' ? `job on ${context.timelineName}` : undefined),
    });
    using fence = rig.gpu.createFence();
    const waited = fence.wait();
    fence.signal();
    await waited;
    expect((await rig.spans()).map(({ name }) => name)).toEqual(['job on ring0', 'wait ring0']);
  });

  it('shows each span to onSpan, which adds what it knows', async () => {
    await using rig = await Rig.start({
      onSpan: (span, fence, kind) => span.setAttribute('app.what', `${kind} of frame ${String(fence.data)}`),
    });
    using fence = rig.gpu.createFence(7);
    const waited = fence.wait();
    fence.signal();
    await waited;
    expect((await rig.spans()).map(({ attributes }) => attributes['app.what'])).toEqual([
      'fence of frame 7',
      'wait of frame 7',
    ]);
  });

  it('asks a function for the provider once a context: so a timeline can be a service of its own', async () => {
    await using rig = await Rig.start({ tracing: false });
    const exporter = new OTLPTraceExporter({ url: rig.receiver.url('traces') });
    const providers: TracerProvider[] = [];
    using _tracing = traceFences({
      tracerProvider: ({ timelineName }) => {
        const provider = new TracerProvider({
          resource: resourceFromAttributes({ 'service.name': timelineName }),
          spanProcessors: [new BatchSpanProcessor({ exporter })],
        });
        providers.push(provider);
        return provider;
      },
    });
    const copy = new DmaFenceContext({ driverName: 'gpu', timelineName: 'copy' });
    for (const lane of [rig.gpu, copy, rig.gpu, copy]) lend(lane.createFence()).signal();
    expect(providers).toHaveLength(2);
    for (const provider of providers) await provider.forceFlush();
    expect(
      rig.receiver.spans.map(({ name, resource }) => `${name} of ${String(resource['service.name'])}`).sort(),
    ).toEqual(['fence copy of copy', 'fence copy of copy', 'fence ring0 of ring0', 'fence ring0 of ring0']);
    for (const provider of providers) await provider.shutdown();
  });

  it('can be called more than once: each gets its own spans of the same fences', async () => {
    await using first = await Rig.start();
    await using second = await Rig.start();
    await using third = await Rig.start();
    using fence = first.gpu.createFence();
    fence.emit();
    fence.signal();
    for (const rig of [first, second, third]) expect((await rig.span('fence ring0')).events).toHaveLength(2);
  });

  it('leaves the slot to a tracer that filled it before', async () => {
    await using rig = await Rig.start({ tracing: false });
    const { addFenceTracer } = await import('@dma-fence/core');
    using _other = addFenceTracer({ init: (fence) => (fence.traceState = 'taken') });
    await using traced = await Rig.start();
    await using again = await Rig.start();
    using fence = rig.gpu.createFence();
    fence.signal();
    expect(fence.traceState).toBe('taken');
    expect(await traced.spans()).toHaveLength(1);
    expect(await again.spans()).toHaveLength(1);
  });

  it('ends when disposed: later fences are not seen, pending ones end as pending', async () => {
    await using rig = await Rig.start();
    using pending = rig.gpu.createFence();
    rig.tracing[Symbol.dispose]();
    lend(rig.gpu.createFence()).signal();
    pending.signal();
    const span = await rig.span('fence ring0');
    expect(span.attributes).toMatchObject({ 'dma_fence.seqno': '1', 'dma_fence.state': 'pending' });
  });
});
