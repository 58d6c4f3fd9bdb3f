import { DmaFenceContext, setCallbackErrorHandler, traceDependency } from '@dma-fence/core';
import { traceFences } from '@dma-fence/otel';
import { SamplingDecision, TracerProvider, type Sampler } from '@opentelemetry/sdk-trace';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lend } from './support/lend.ts';
import { Rig } from './support/rig.ts';
import { startClock, stopClock } from './support/virtual-clock.ts';

const copy = new DmaFenceContext({ driverName: 'gpu', timelineName: 'copy' });

/** The virtual clock: our timers and times only, so that exports go on. */

describe('a fence that does not signal', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await Rig.start({ pendingAfterMs: 1000, hangAfterMs: 10_000 });
    stopClock('setTimeout', 'clearTimeout');
  });
  afterEach(async () => {
    startClock();
    await rig[Symbol.asyncDispose]();
  });

  /** Back to real time, so that the SDK can export. */
  async function spans() {
    startClock();
    return rig.spans();
  }

  it('shows as stalled after a while, then at each doubling of its age, below its own span', async () => {
    using fence = rig.gpu.createFence();
    void fence.wait().catch(() => undefined);
    vi.advanceTimersByTime(9000);
    fence.signal();
    const all = await spans();
    const real = all.find(({ name }) => name === 'fence ring0');
    const markers = all.filter(({ name }) => name === 'fence ring0 stalled');
    expect(markers.map(({ attributes }) => attributes['dma_fence.age'])).toEqual([1, 2, 4, 8]);
    for (const marker of markers) {
      expect(marker).toMatchObject({ parentSpanId: real?.spanId, traceId: real?.traceId, status: 2 });
      expect(marker.start).toBe(real?.start);
      expect(marker.attributes).toMatchObject({
        'dma_fence.seqno': '1',
        'dma_fence.state': 'stalled',
        'error.type': 'stalled',
        'dma_fence.waiter.count': 1,
      });
    }
    expect(real?.attributes).not.toHaveProperty('dma_fence.state');
  });

  it('names what it still waits for, and links to the span of it that has ended', async () => {
    const done = lend(rig.gpu.createFence());
    const stuck = lend(rig.gpu.createFence());
    const job = lend(copy.createFence());
    for (const input of [done, stuck]) traceDependency(job, input);
    done.signal();
    vi.advanceTimersByTime(1500);
    stuck.signal();
    job.signal();
    const all = await spans();
    const marker = all.find(({ name }) => name === 'fence copy pending');
    const stuckMarker = all.find(({ name }) => name === 'fence ring0 stalled');
    expect(marker?.attributes).toMatchObject({
      'dma_fence.blocked_by': `${String(rig.gpu.id)}:2`,
      'dma_fence.blocked_by_span_id': stuckMarker?.spanId,
    });
    expect(marker?.links.map(({ spanId }) => spanId)).toEqual([stuckMarker?.spanId]);
    expect(marker?.status).toBe(0);
  });

  it('is abandoned at hangAfterMs, an error, and no longer kept by the tracing', async () => {
    lend(rig.gpu.createFence());
    vi.advanceTimersByTime(60_000);
    const all = await spans();
    expect(all.map(({ name }) => name).sort()).toEqual([
      'fence ring0',
      ...Array<string>(4).fill('fence ring0 stalled'),
    ]);
    const real = all.find(({ name }) => name === 'fence ring0');
    expect(real).toMatchObject({
      status: 2,
      attributes: { 'error.type': 'timeout', 'dma_fence.state': 'abandoned', 'dma_fence.age': 10 },
    });
    expect(Number((real?.end ?? 0n) - (real?.start ?? 0n))).toBe(10_000_000_000);
    expect(rig.tracing.flushPending()).toBe(0);
  });

  it('may signal late: harmless, and shown', async () => {
    const [good, bad] = [lend(rig.gpu.createFence()), lend(rig.gpu.createFence())];
    vi.advanceTimersByTime(15_000);
    expect(good.signal()).toBe(true);
    expect(bad.fail('EIO')).toBe(true);
    const late = (await spans()).filter(({ name }) => name === 'fence ring0 late');
    const real = (await rig.spans()).filter(({ name }) => name === 'fence ring0');
    expect(late.map(({ parentSpanId }) => parentSpanId)).toEqual(real.map(({ spanId }) => spanId));
    for (const span of late) {
      expect(span.attributes).toMatchObject({ 'dma_fence.state': 'late', 'dma_fence.age': 15 });
      expect(Number(span.end - span.start)).toBe(5_000_000_000);
    }
    expect(late.map(({ status }) => status)).toEqual([0, 2]);
  });

  it('is told of in the right order when the timer was late, each once', async () => {
    using old = rig.gpu.createFence();
    vi.advanceTimersByTime(900);
    using young = rig.gpu.createFence();
    // The thread was busy: time passes, timers do not run.
    const busy = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 4000);
    vi.advanceTimersByTime(150);
    busy.mockRestore();
    old.signal();
    young.signal();
    const markers = (await spans()).filter(({ name }) => name !== 'fence ring0');
    expect(markers.map(({ name, attributes }) => [name, attributes['dma_fence.seqno']])).toEqual([
      ['fence ring0 stalled', '1'],
      ['fence ring0 pending', '2'],
    ]);
  });

  it('does not show while its age is below the limit, and costs no timer once all have signaled', async () => {
    for (let count = 0; count < 5; count++) {
      using fence = rig.gpu.createFence();
      vi.advanceTimersByTime(999);
      fence.signal();
    }
    expect((await spans()).map(({ name }) => name)).toEqual(Array(5).fill('fence ring0'));
    stopClock('setTimeout', 'clearTimeout');
    rig.tracing[Symbol.dispose]();
    // An SDK without processors: the only timers are ours.
    using _tracing = traceFences({ tracerProvider: new TracerProvider(), meterProvider: false });
    using fence = rig.gpu.createFence();
    expect(vi.getTimerCount()).toBe(1);
    fence.signal();
    vi.advanceTimersByTime(5000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is ended as pending by a flush, which says how many there were', async () => {
    const fences = [lend(rig.gpu.createFence()), lend(rig.gpu.createFence()), lend(rig.gpu.createFence())];
    vi.advanceTimersByTime(1200);
    fences.push(lend(rig.gpu.createFence()));
    fences[1]?.signal();
    expect(rig.tracing.flushPending()).toBe(3);
    expect(rig.tracing.flushPending()).toBe(0);
    const ended = (await spans()).filter(
      ({ name, attributes }) => name === 'fence ring0' && attributes['dma_fence.state'] === 'pending',
    );
    expect(ended).toHaveLength(3);
    for (const span of ended) expect(span.status).toBe(0);
  });

  it('is seen by the backend when tracing is disposed of before the SDK shuts down', async () => {
    lend(rig.gpu.createFence());
    startClock();
    rig.tracing[Symbol.dispose]();
    await rig.provider.shutdown();
    expect(rig.receiver.spans.map(({ attributes }) => attributes['dma_fence.state'])).toEqual(['pending']);
  });

  it('is never told of with Infinity', async () => {
    rig.tracing[Symbol.dispose]();
    startClock();
    await using patient = await Rig.start({ pendingAfterMs: Infinity, hangAfterMs: Infinity });
    stopClock('setTimeout', 'clearTimeout');
    lend(patient.gpu.createFence());
    expect(vi.getTimerCount()).toBe(0);
    startClock();
    expect(await patient.spans()).toEqual([]);
  });

  it('is told of where timers are numbers, as in browsers', async () => {
    let due: (() => void) | undefined;
    vi.stubGlobal('setTimeout', (callback: () => void) => {
      due = callback;
      return 7;
    });
    lend(rig.gpu.createFence());
    vi.unstubAllGlobals();
    vi.setSystemTime(0);
    const late = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 1500);
    due?.();
    late.mockRestore();
    expect((await spans()).map(({ name }) => name)).toEqual(['fence ring0 stalled']);
  });

  it('may have a sampler that wants none of the extra spans', async () => {
    rig.tracing[Symbol.dispose]();
    startClock();
    const sampler: Sampler = {
      shouldSample: (...[, , name]) => ({
        decision: name === 'fence ring0' ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD,
      }),
      toString: () => 'fences only',
    };
    await using picky = await Rig.start({ sampler, pendingAfterMs: 1000, hangAfterMs: 5000 });
    using _handler = setCallbackErrorHandler(() => undefined);
    stopClock('setTimeout', 'clearTimeout');
    using thrower = picky.gpu.createFence();
    thrower.addCallback(() => {
      throw new Error('callback');
    });
    thrower.signal();
    using hung = picky.gpu.createFence();
    void hung.wait();
    vi.advanceTimersByTime(10_000);
    hung.signal();
    startClock();
    expect((await picky.spans()).map(({ name }) => name)).toEqual(['fence ring0', 'fence ring0']);
  });

  it('with limits beyond what a timer can take is told of in time', async () => {
    rig.tracing[Symbol.dispose]();
    startClock();
    const month = 30 * 24 * 3600 * 1000;
    await using patient = await Rig.start({ pendingAfterMs: month, hangAfterMs: Infinity });
    stopClock('setTimeout', 'clearTimeout');
    lend(patient.gpu.createFence());
    vi.advanceTimersByTime(month + 1);
    startClock();
    expect((await patient.spans()).map(({ name }) => name)).toEqual(['fence ring0 stalled']);
  });
});
