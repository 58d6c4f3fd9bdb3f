import { DmaFenceContext, waitAll, waitAny } from '@dma-fence/core';
import { fenceSpanContext, insideFence, traceFences } from '@dma-fence/otel';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lend } from './support/lend.ts';
import { idOf, Rig } from './support/rig.ts';
import { startClock, stopClock } from './support/virtual-clock.ts';

describe('the span of a wait', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await Rig.start();
  });
  afterEach(() => rig[Symbol.asyncDispose]());

  it('is a child of the waiter, in its trace, and links to the fence in another', async () => {
    const fence = rig.inside('submit', () => lend(rig.gpu.createFence()));
    const [reader, waited] = rig.inside('read', (span) => [span, fence.wait()] as const);
    fence.signal();
    await waited;
    const span = await rig.span('wait ring0');
    const fenceSpan = await rig.span('fence ring0');
    expect(span.parentSpanId).toBe(idOf(reader));
    expect(span.traceId).not.toBe(fenceSpan.traceId);
    expect(span.links).toEqual([{ traceId: fenceSpan.traceId, spanId: fenceSpan.spanId, isRemote: false }]);
    expect(span.attributes).toEqual({
      'dma_fence.context': String(rig.gpu.id),
      'dma_fence.seqno': '1',
      'dma_fence.driver.name': 'gpu',
      'dma_fence.timeline.name': 'ring0',
      'dma_fence.wait.outcome': 'signaled',
    });
    expect(span.status).toBe(0);
  });

  it('tells a failure apart from a cancellation, which is no error', async () => {
    using failing = rig.gpu.createFence();
    const failed = failing.wait();
    failing.fail('EIO');
    await expect(failed).rejects.toThrow();
    using canceled = rig.gpu.createFence();
    const given = canceled.wait();
    canceled.fail('ECANCELED');
    await expect(given).rejects.toThrow();
    const [first, second] = (await rig.spans()).filter(({ name }) => name === 'wait ring0');
    expect(first).toMatchObject({
      status: 2,
      statusMessage: '',
      attributes: { 'dma_fence.wait.outcome': 'failed', 'error.type': 'EIO' },
    });
    expect(second?.status).toBe(0);
    expect(second?.attributes).not.toHaveProperty('error.type');
  });

  it('is an error when time ran out, and none when the waiter gave up', async () => {
    using fence = rig.gpu.createFence();
    await expect(fence.wait({ timeoutMs: 0 })).rejects.toThrow();
    const leaving = new AbortController();
    const waited = fence.wait({ signal: leaving.signal });
    leaving.abort();
    await expect(waited).rejects.toThrow();
    fence.signal();
    const [timeout, aborted] = (await rig.spans()).filter(({ name }) => name === 'wait ring0');
    expect(timeout).toMatchObject({
      status: 2,
      attributes: { 'dma_fence.wait.outcome': 'timeout', 'error.type': 'ETIME' },
    });
    expect(aborted).toMatchObject({ status: 0, attributes: { 'dma_fence.wait.outcome': 'aborted' } });
  });

  it('that is not over when tracing ends is ended as pending, once', async () => {
    using fence = rig.gpu.createFence();
    const waited = fence.wait();
    expect(rig.tracing.flushPending()).toBe(1);
    fence.signal();
    await waited;
    using other = rig.gpu.createFence();
    const open = other.wait();
    rig.tracing[Symbol.dispose]();
    other.signal();
    await open;
    const waits = (await rig.spans()).filter(({ name }) => name === 'wait ring0');
    expect(waits).toHaveLength(2);
    for (const { attributes, status } of waits) {
      expect(attributes['dma_fence.state']).toBe('pending');
      expect(attributes).not.toHaveProperty('dma_fence.wait.outcome');
      expect(status).toBe(0);
    }
  });

  it('is made for each fence of waitAll and waitAny, the losers ending as aborted', async () => {
    const fences = [lend(rig.gpu.createFence()), lend(rig.gpu.createFence())] as const;
    const any = waitAny(fences);
    const all = waitAll(fences);
    fences[0].signal();
    fences[1].signal();
    await Promise.all([any, all]);
    const outcomes = (await rig.spans())
      .filter(({ name }) => name === 'wait ring0')
      .map(({ attributes }) => [attributes['dma_fence.seqno'], attributes['dma_fence.wait.outcome']]);
    expect(outcomes).toEqual([
      ['1', 'signaled'],
      ['2', 'aborted'],
      ['1', 'signaled'],
      ['2', 'signaled'],
    ]);
  });

  it('names the fence whose work waits, is its child, and comes from its provider', async () => {
    await using other = await Rig.start({ tracing: false });
    rig.tracing[Symbol.dispose]();
    const seen: unknown[] = [];
    using _tracing = traceFences({
      meterProvider: false,
      tracerProvider: ({ timelineName }) => (timelineName === 'copy' ? other.provider : rig.provider),
      onSpan: (_span, { seqno }, kind, waiter) => seen.push([kind, seqno, waiter?.context.timelineName]),
    });
    using input = rig.gpu.createFence();
    using job = new DmaFenceContext({ driverName: 'gpu', timelineName: 'copy' }).createFence();
    const done = insideFence(job, async () => {
      await Promise.resolve();
      await input.wait();
      job.signal();
    });
    await Promise.resolve();
    input.signal();
    await done;
    const wait = await other.span('wait ring0');
    const whole = await other.span('fence copy');
    expect(wait).toMatchObject({ parentSpanId: whole.spanId });
    expect(wait.attributes).toMatchObject({
      'dma_fence.waiter': `${String(job.context.id)}:1`,
      'dma_fence.timeline.name': 'ring0',
    });
    expect(seen).toEqual([
      ['fence', 1, undefined],
      ['fence', 1, undefined],
      ['wait', 1, 'copy'],
    ]);
  });

  it('inside a fence that is not traced is where it would have been', async () => {
    rig.tracing[Symbol.dispose]();
    using untraced = rig.gpu.createFence();
    using _tracing = traceFences({ tracerProvider: rig.provider, meterProvider: false });
    using input = rig.gpu.createFence();
    const waited = insideFence(untraced, () => input.wait());
    input.signal();
    await waited;
    untraced.signal();
    expect((await rig.span('wait ring0')).attributes).not.toHaveProperty('dma_fence.waiter');
    expect(() => insideFence({} as never, () => 1)).toThrow('a fence is wanted');
  });

  it('is not made for a fence that include leaves out', async () => {
    await using picky = await Rig.start({ include: ({ context }) => context.timelineName !== 'audio' });
    const audio = new DmaFenceContext({ driverName: 'snd', timelineName: 'audio' });
    using fence = audio.createFence();
    const waited = fence.wait();
    fence.signal();
    await waited;
    expect(await picky.spans()).toEqual([]);
    expect(fenceSpanContext(fence)).toBeDefined(); // the other tracing saw it
  });

  it('is linked to nothing when the fence itself is not recorded', async () => {
    await using picky = await Rig.start({ requireParent: true });
    rig.tracing[Symbol.dispose]();
    using fence = picky.gpu.createFence();
    const waited = picky.inside('read', () => fence.wait());
    fence.signal();
    await waited;
    expect((await picky.span('wait ring0')).links).toEqual([]);
  });

  it('takes as long as the wait took', async () => {
    stopClock('setTimeout', 'clearTimeout');
    try {
      using fence = rig.gpu.createFence();
      vi.advanceTimersByTime(10);
      const waited = fence.wait();
      vi.advanceTimersByTime(250);
      fence.signal();
      await waited;
    } finally {
      startClock();
    }
    const { start, end } = await rig.span('wait ring0');
    expect(Number(end - start)).toBe(250_000_000);
  });
});
