import { DmaFenceContext } from '@dma-fence/core';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lend } from './support/lend.ts';
import { idOf, Rig } from './support/rig.ts';

describe('the span of a fence', () => {
  it.each(['json', 'protobuf'] as const)('reaches a collector whole, as %s', async (format) => {
    await using rig = await Rig.start({ format });
    const fence = rig.gpu.createFence();
    fence.emit();
    fence.signal();
    fence.put();
    const span = await rig.span('fence ring0');
    expect([...rig.receiver.contentTypes]).toEqual([
      format === 'json' ? 'application/json' : 'application/x-protobuf',
    ]);
    expect(span).toMatchObject({
      kind: 1,
      status: 0,
      statusMessage: '',
      parentSpanId: '',
      links: [],
      scope: '@dma-fence/otel',
      schemaUrl: 'https://opentelemetry.io/schemas/1.37.0',
    });
    const { 'dma_fence.queue.duration': queued, ...attributes } = span.attributes;
    expect(attributes).toEqual({
      'dma_fence.context': String(rig.gpu.id),
      'dma_fence.seqno': '1',
      'dma_fence.driver.name': 'gpu',
      'dma_fence.timeline.name': 'ring0',
    });
    expect(span.events.map(({ name }) => name)).toEqual(['dma_fence.emit', 'dma_fence.signaled']);
    const emitted = span.events[0]?.at ?? 0n;
    expect(queued).toBeCloseTo(Number(emitted - span.start) / 1e9, 8);
  });

  it('is told from which version of this package it is', async () => {
    await using rig = await Rig.start();
    lend(rig.gpu.createFence()).signal();
    const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect((await rig.span('fence ring0')).scopeVersion).toBe(manifest.version);
  });

  it('is a child of where the fence was created', async () => {
    await using rig = await Rig.start();
    const [parent, fence] = rig.inside('request', (span) => [span, lend(rig.gpu.createFence())] as const);
    rig.inside('interrupt', () => fence.signal());
    const span = await rig.span('fence ring0');
    expect(span.parentSpanId).toBe(idOf(parent));
    expect(span.traceId).toBe(parent.spanContext().traceId);
  });

  it('begins, and ends, in the order of the calls, however close they come', async () => {
    await using rig = await Rig.start();
    const fences = Array.from({ length: 100 }, () => lend(rig.gpu.createFence()));
    for (const fence of fences) fence.signal();
    const spans = await rig.spans();
    const inOrder = spans.map((span) => Number(span.attributes['dma_fence.seqno']));
    expect(inOrder).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    for (const [index, span] of spans.entries()) {
      expect(span.end).toBeGreaterThan(span.start);
      expect(span.end).toBeGreaterThan(spans[index - 1]?.end ?? 0n);
      expect(span.start).toBeGreaterThan(spans[index - 1]?.start ?? 0n);
    }
  });

  it('agrees with the wall clock, its events with the span', async () => {
    await using rig = await Rig.start();
    const before = Date.now();
    using fence = rig.gpu.createFence();
    fence.emit();
    fence.signal();
    const after = Date.now();
    const { start, end, events } = await rig.span('fence ring0');
    // The clocks of the machine may differ by what NTP has slewed since the process began.
    expect(Number(start / 1_000_000n)).toBeGreaterThanOrEqual(before - 50);
    expect(Number(end / 1_000_000n)).toBeLessThanOrEqual(after + 50);
    expect(events[0]?.at).toBeGreaterThan(start);
    expect(events[1]?.at).toBe(end);
  });

  it('has the work below it, from when it was handed to the hardware', async () => {
    await using rig = await Rig.start();
    using fence = rig.gpu.createFence();
    const created = performance.now();
    fence.emit(created + 40);
    fence.signal(created + 100);
    const work = await rig.span('work ring0');
    const whole = await rig.span('fence ring0');
    expect(work).toMatchObject({ parentSpanId: whole.spanId, end: whole.end, status: 0, events: [] });
    expect(Number(work.end - work.start) / 1e6).toBeCloseTo(60, 3);
    expect(work.attributes['dma_fence.seqno']).toBe('1');
    expect(whole.attributes['dma_fence.queue.duration']).toBeCloseTo(0.04, 2);
  });

  it('has the work also where its beginning is told by a callback, never outside of the fence', async () => {
    await using rig = await Rig.start();
    const created = performance.now();
    using told = rig.gpu.createFence();
    told.addCallback(() => {
      told.emit(created + 10);
    });
    told.signal(created + 50);
    using early = rig.gpu.createFence();
    early.emit(0);
    early.signal();
    using late = rig.gpu.createFence();
    late.emit(created + 1e6);
    late.fail('EIO');
    const spans = await rig.spans();
    const works = spans.filter(({ name }) => name === 'work ring0');
    expect(works).toHaveLength(3);
    for (const work of works) {
      const whole = spans.find(({ spanId }) => spanId === work.parentSpanId);
      expect(work.start).toBeGreaterThanOrEqual(whole?.start ?? 0n);
      expect(work.end).toBe(whole?.end);
      expect(work.start).toBeLessThanOrEqual(work.end);
      // One red row a failure.
      expect(work.status).toBe(0);
    }
  });

  it('has no work of its own with work: false, nor where nothing was handed to the hardware', async () => {
    await using rig = await Rig.start({ work: false });
    using fence = rig.gpu.createFence();
    fence.emit();
    fence.signal();
    expect((await rig.span('fence ring0')).events.map(({ name }) => name)).toContain('dma_fence.emit');
    expect(await rig.spans()).toHaveLength(1);
  });

  it('ends when the producer says that the work was done, never before it began', async () => {
    await using rig = await Rig.start();
    using done = rig.gpu.createFence();
    const created = performance.now();
    done.signal(created + 250);
    using early = rig.gpu.createFence();
    early.signal(1);
    const [first, second] = await rig.spans();
    expect(Number((first?.end ?? 0n) - (first?.start ?? 0n)) / 1e6).toBeGreaterThan(249);
    expect(second?.end).toBe(second?.start);
  });

  it('shows when the exporter was asked to signal', async () => {
    await using rig = await Rig.start();
    const lazy = new DmaFenceContext({
      driverName: 'gpu',
      timelineName: 'lazy',
      ops: { enableSignaling: () => true },
    });
    using fence = lazy.createFence();
    fence.addCallback(() => undefined);
    fence.signal();
    const { events } = await rig.span('fence lazy');
    expect(events.map(({ name }) => name)).toEqual(['dma_fence.enable_signal', 'dma_fence.signaled']);
  });

  it('is not made for fences from before, and still ends when tracing began while it was pending', async () => {
    await using rig = await Rig.start({ tracing: false });
    const before = rig.gpu.createFence();
    await using traced = await Rig.start();
    before.emit();
    before.addCallback(() => undefined);
    before.signal();
    before.put();
    expect(await traced.spans()).toEqual([]);
    expect(await rig.spans()).toEqual([]);
  });
});
