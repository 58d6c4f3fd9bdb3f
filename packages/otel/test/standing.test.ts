import { DmaFenceContext, fenceArray, signaledFence, traceDependency } from '@dma-fence/core';
import type { Span } from '@opentelemetry/api';
import { SharedTimeline } from '@dma-fence/core/shared';
import { fenceSpanContext } from '@dma-fence/otel';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lend } from './support/lend.ts';
import type { ReceivedSpan } from './support/otlp-receiver.ts';
import { Rig } from './support/rig.ts';
import { startClock, stopClock } from './support/virtual-clock.ts';

const copy = new DmaFenceContext({ driverName: 'gpu', timelineName: 'copy' });
/** Whose fences are not traced. */
const unseen = new DmaFenceContext({ driverName: 'gpu', timelineName: 'unseen' });

describe('of fences that do not signal', () => {
  let rig: Rig;
  /** Spans that began, in their order. */
  let begun: Span[];
  beforeEach(async () => {
    begun = [];
    rig = await Rig.start({
      pendingAfterMs: 1000,
      hangAfterMs: 10_000,
      containers: true,
      include: ({ context }) => context !== unseen,
      onSpan: (span) => begun.push(span),
    });
    stopClock('setTimeout', 'clearTimeout');
  });
  afterEach(async () => {
    startClock();
    await rig[Symbol.asyncDispose]();
  });

  /** What the backend has; the virtual clock is no more. */
  async function seen(): Promise<ReceivedSpan[]> {
    startClock();
    return rig.spans();
  }

  /** How many spans have said so far that something is stalled. */
  const stalls = () =>
    begun.filter((span) => (span as Span & { name: string }).name.endsWith('stalled')).length;

  const errors = (spans: ReceivedSpan[]): unknown[][] =>
    spans
      .filter(({ status }) => status === 2)
      .map(({ name, attributes }) => [name, attributes['dma_fence.seqno'], attributes['dma_fence.age']]);

  it('the oldest of its context is the one error; those behind it name it, with a link that the backend can follow', async () => {
    const [head, ...behind] = Array.from({ length: 4 }, () => lend(rig.gpu.createFence()));
    const elsewhere = lend(copy.createFence());
    if (behind[2] !== undefined) traceDependency(elsewhere, behind[2]);
    vi.advanceTimersByTime(1000);
    const spans = await seen();
    expect(errors(spans)).toEqual([['fence ring0 stalled', '1', 1]]);
    const stalled = spans.find(({ name }) => name === 'fence ring0 stalled');
    const queued = spans.filter(({ name }) => name === 'fence ring0 pending');
    expect(queued).toHaveLength(3);
    for (const { attributes, links } of queued) {
      expect(attributes).toMatchObject({
        'dma_fence.state': 'pending',
        'dma_fence.queued_behind': `${String(rig.gpu.id)}:1`,
        'dma_fence.queued_behind_span_id': stalled?.spanId,
      });
      expect(attributes).not.toHaveProperty('dma_fence.blocked_by');
      expect(links.map(({ spanId }) => spanId)).toEqual([stalled?.spanId]);
    }
    const last = spans.find(({ attributes }) => attributes['dma_fence.seqno'] === '4');
    const dependant = spans.find(({ name }) => name === 'fence copy pending');
    expect(dependant?.attributes['dma_fence.blocked_by_span_id']).toBe(last?.spanId);
    // All links lead to what is there.
    const ids = new Set(spans.map(({ spanId }) => spanId));
    expect(spans.flatMap(({ links }) => links).every(({ spanId }) => ids.has(spanId))).toBe(true);
    for (const fence of [head, ...behind, elsewhere]) fence?.signal();
  });

  it('only the stalled one repeats itself, and links lead to its newest span', async () => {
    lend(rig.gpu.createFence());
    lend(rig.gpu.createFence());
    vi.advanceTimersByTime(2500);
    lend(rig.gpu.createFence());
    vi.advanceTimersByTime(2500);
    const spans = await seen();
    expect(
      spans.map(({ name, attributes }) => [name, attributes['dma_fence.seqno'], attributes['dma_fence.age']]),
    ).toEqual([
      ['fence ring0 stalled', '1', 1],
      ['fence ring0 pending', '2', 1],
      ['fence ring0 stalled', '1', 2],
      ['fence ring0 stalled', '1', 4],
      ['fence ring0 pending', '3', 1],
    ]);
    const newestThen = spans[2];
    expect(spans.at(-1)?.links.map(({ spanId }) => spanId)).toEqual([newestThen?.spanId]);
  });

  it('the next one is stalled only once it has stood still for half as long itself', async () => {
    const [first] = [lend(rig.gpu.createFence()), lend(rig.gpu.createFence())];
    vi.advanceTimersByTime(5500);
    first.signal();
    vi.advanceTimersByTime(490);
    expect(stalls()).toBe(3);
    vi.advanceTimersByTime(10);
    expect(stalls()).toBe(4);
    expect(errors(await seen())).toContainEqual(['fence ring0 stalled', '2', 6]);
  });

  it('a long queue that goes on is no error', async () => {
    const fences = Array.from({ length: 50 }, () => lend(rig.gpu.createFence()));
    for (const fence of fences) {
      vi.advanceTimersByTime(150);
      fence.signal();
    }
    const spans = await seen();
    expect(errors(spans)).toEqual([]);
    expect(spans.filter(({ name }) => name === 'fence ring0 pending')).toHaveLength(44);
  });

  it('one whose dependency is over is stalled when it stands still after that', async () => {
    const input = lend(copy.createFence());
    const job = lend(rig.gpu.createFence());
    traceDependency(job, input);
    vi.advanceTimersByTime(3300);
    input.signal();
    vi.advanceTimersByTime(490);
    const before = stalls();
    vi.advanceTimersByTime(200);
    expect(stalls()).toBe(before + 1);
    const [found] = errors(await seen()).filter(([name]) => name === 'fence ring0 stalled');
    expect(found?.[2]).toBeGreaterThanOrEqual(3.8);
    expect(found?.[2]).toBeLessThanOrEqual(3.925);
  });

  it('one that a later one has overtaken waits for no queue', async () => {
    const [first, second, third, fourth] = Array.from({ length: 4 }, () => lend(rig.gpu.createFence()));
    third?.signal();
    vi.advanceTimersByTime(1000);
    const spans = await seen();
    expect(errors(spans).map(([, seqno]) => seqno)).toEqual(['1', '2']);
    expect(spans.find(({ name }) => name === 'fence ring0 pending')?.attributes).toMatchObject({
      'dma_fence.seqno': '4',
      'dma_fence.queued_behind': `${String(rig.gpu.id)}:1`,
    });
    for (const fence of [first, second, fourth]) fence?.signal();
  });

  it('a failure in the queue overtakes nothing', async () => {
    const [, , canceled] = Array.from({ length: 3 }, () => lend(rig.gpu.createFence()));
    canceled?.fail('ECANCELED');
    vi.advanceTimersByTime(1000);
    expect(errors(await seen()).map(([, seqno]) => seqno)).toEqual(['1']);
  });

  it('what was given up is the one error still, for those behind it and for new ones', async () => {
    lend(rig.gpu.createFence());
    lend(rig.gpu.createFence());
    vi.advanceTimersByTime(10_000);
    const young = lend(rig.gpu.createFence());
    vi.advanceTimersByTime(1000);
    const spans = await seen();
    const [head, second] = spans.filter(({ name }) => name === 'fence ring0');
    expect(head).toMatchObject({
      status: 2,
      attributes: { 'dma_fence.state': 'abandoned', 'error.type': 'timeout' },
    });
    expect(second).toMatchObject({
      status: 0,
      attributes: {
        'dma_fence.state': 'abandoned',
        'error.type': 'timeout',
        'dma_fence.queued_behind': `${String(rig.gpu.id)}:1`,
      },
    });
    const marker = spans.find(
      ({ name, attributes }) => name.endsWith('pending') && attributes['dma_fence.seqno'] === '3',
    );
    expect(marker?.attributes['dma_fence.queued_behind_span_id']).toBe(head?.spanId);
    expect(marker?.links.map(({ spanId }) => spanId)).toEqual([head?.spanId]);
    young.signal();
  });

  it('those behind what was given up are on their own once one of them has signaled', async () => {
    lend(rig.gpu.createFence());
    vi.advanceTimersByTime(10_000);
    const [good] = [lend(rig.gpu.createFence()), lend(rig.gpu.createFence())];
    good.signal();
    vi.advanceTimersByTime(1000);
    expect(errors(await seen())).toContainEqual(['fence ring0 stalled', '3', 1]);
  });

  it('one behind a fence that is not traced is an error itself when it is given up', async () => {
    startClock();
    rig.tracing[Symbol.dispose]();
    await using picky = await Rig.start({
      pendingAfterMs: 1000,
      hangAfterMs: 10_000,
      include: ({ seqno }) => seqno > 1,
    });
    stopClock('setTimeout', 'clearTimeout');
    const unseen = lend(picky.gpu.createFence());
    const behind = lend(picky.gpu.createFence());
    traceDependency(behind, unseen);
    vi.advanceTimersByTime(10_000);
    startClock();
    const spans = await picky.spans();
    expect(spans.map(({ name, status }) => [name, status])).toEqual([
      ['fence ring0 pending', 0],
      ['fence ring0', 2],
    ]);
    expect(spans[0]?.attributes).toMatchObject({ 'dma_fence.blocked_by': `${String(picky.gpu.id)}:1` });
    expect(spans[0]?.attributes).not.toHaveProperty('dma_fence.blocked_by_span_id');
    expect(spans[0]?.links).toEqual([]);
  });

  it('what an older one waits for is shown with it, though younger, so that every link leads somewhere', async () => {
    const shown = lend(copy.createFence());
    vi.advanceTimersByTime(600);
    const [head, second] = [lend(rig.gpu.createFence()), lend(rig.gpu.createFence())];
    traceDependency(shown, second);
    vi.advanceTimersByTime(400);
    expect(begun).toHaveLength(6);
    vi.advanceTimersByTime(2000);
    for (const fence of [head, second, shown]) fence.signal();
    const spans = await seen();
    const markers = spans.filter(({ name }) => name.endsWith('pending') || name.endsWith('stalled'));
    expect(
      markers
        .map(({ name, attributes }) => [
          name,
          attributes['dma_fence.seqno'],
          Number(attributes['dma_fence.age']),
        ])
        .sort((a, b) => Number(a[2]) - Number(b[2])),
    ).toEqual([
      ['fence ring0 pending', '1', 0.4],
      ['fence ring0 pending', '2', 0.4],
      ['fence copy pending', String(shown.seqno), 1],
      ['fence ring0 stalled', '1', 1],
      ['fence ring0 stalled', '1', 2],
    ]);
    const ids = new Set(markers.map(({ spanId }) => spanId));
    expect(markers.flatMap(({ links }) => links).every(({ spanId }) => ids.has(spanId))).toBe(true);
    expect(markers.flatMap(({ links }) => links)).toHaveLength(2);
  });

  it('a deadlock of dependencies ends nothing but itself', async () => {
    const [a, b] = [lend(rig.gpu.createFence()), lend(copy.createFence())];
    traceDependency(a, b);
    traceDependency(b, a);
    vi.advanceTimersByTime(1000);
    const spans = await seen();
    expect(spans.map(({ attributes }) => attributes['dma_fence.blocked_by']).sort()).toEqual(
      [`${String(copy.id)}:${String(b.seqno)}`, `${String(rig.gpu.id)}:${String(a.seqno)}`].sort(),
    );
  });

  it('a container is never queued, and never blocked by what is over', async () => {
    const [a, b] = [lend(rig.gpu.createFence()), lend(rig.gpu.createFence())];
    using first = fenceArray([a, b]);
    using second = fenceArray([b, a]);
    a.signal();
    vi.advanceTimersByTime(1000);
    const arrays = (await seen()).filter(({ name }) => name === 'fence unbound pending');
    expect(arrays).toHaveLength(2);
    for (const { attributes } of arrays) {
      expect(attributes['dma_fence.blocked_by']).toBe(`${String(rig.gpu.id)}:2`);
      expect(attributes).not.toHaveProperty('dma_fence.queued_behind');
    }
    b.signal();
    expect([first.poll(), second.poll()]).toEqual([true, true]);
  });

  it('values of a shared timeline are in the order of their numbers, whichever was asked for first', async () => {
    using timeline = SharedTimeline.create({ driverName: 'gpu', timelineName: 'shared' });
    using _third = timeline.fenceAt(3);
    using _first = timeline.fenceAt(1);
    using _fourth = timeline.fenceAt(4);
    using _second = timeline.fenceAt(2);
    vi.advanceTimersByTime(1000);
    const spans = await seen();
    expect(errors(spans)).toEqual([['fence shared stalled', '1', 1]]);
    // Threads that await the value are not seen.
    expect(spans[0]?.attributes).not.toHaveProperty('dma_fence.waiter.count');
  });

  it('one whose dependencies are over, and were not all traced, stalls from when the last traced one was', async () => {
    const [traced, other] = [lend(copy.createFence()), lend(unseen.createFence())];
    const job = lend(rig.gpu.createFence());
    for (const input of [traced, other]) traceDependency(job, input);
    vi.advanceTimersByTime(800);
    traced.signal();
    vi.advanceTimersByTime(800);
    other.signal();
    vi.advanceTimersByTime(1000);
    const [shown] = errors(await seen());
    expect(shown?.slice(0, 2)).toEqual(['fence ring0 stalled', '1']);
  });

  it('a flush says of each what it waits for', async () => {
    lend(rig.gpu.createFence());
    lend(rig.gpu.createFence());
    vi.advanceTimersByTime(1000);
    rig.tracing.flushPending();
    const spans = await seen();
    const [stalled, ...others] = spans.sort((a, b) => b.status - a.status);
    expect(stalled?.name).toBe('fence ring0 stalled');
    expect(others.map(({ attributes }) => attributes['dma_fence.state'])).toEqual([
      'pending',
      'pending',
      'pending',
    ]);
    expect(others.map(({ attributes }) => attributes['dma_fence.queued_behind']).sort()).toEqual([
      `${String(rig.gpu.id)}:1`,
      `${String(rig.gpu.id)}:1`,
      undefined,
    ]);
  });

  it('the stub and doubles are no dependencies', async () => {
    const [input, job] = [lend(copy.createFence()), lend(rig.gpu.createFence())];
    const only = lend(rig.gpu.createFence());
    using twice = fenceArray([input, input]);
    using nothing = signaledFence();
    traceDependency(only, nothing);
    for (const on of [input, nothing, twice, input]) traceDependency(job, on);
    for (const fence of [input, job, only]) fence.signal();
    const [, jobSpan, onlySpan] = (await seen()).filter(({ name }) => name !== 'fence unbound');
    expect(jobSpan?.attributes).toMatchObject({
      'dma_fence.dependency.count': 1,
      'dma_fence.dependencies': [`${String(copy.id)}:${String(input.seqno)}`],
      'dma_fence.blocked_by_span_id': fenceSpanContext(input)?.spanId,
    });
    expect(jobSpan?.links).toHaveLength(1);
    expect(onlySpan?.attributes).not.toHaveProperty('dma_fence.blocked_by');
    expect(onlySpan?.attributes).not.toHaveProperty('dma_fence.dependency.count');
  });

  it('hundreds of dependencies are each one, however often they are named', async () => {
    const inputs = Array.from({ length: 300 }, () => lend(copy.createFence()));
    using job = rig.gpu.createFence();
    for (const input of [...inputs, ...inputs]) traceDependency(job, input);
    for (const input of inputs) input.signal();
    job.signal();
    expect(
      (await seen()).find(({ name }) => name === 'fence ring0')?.attributes['dma_fence.dependency.count'],
    ).toBe(300);
  });
});
