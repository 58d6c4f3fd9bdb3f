import { DmaFenceContext, type DmaFence } from '@dma-fence/core';
import {
  decodeTraceContext,
  encodeTraceContext,
  fenceSpanContext,
  linkFence,
  TRACE_CONTEXT_BYTES,
} from '@dma-fence/otel';
import { SharedTimeline } from '@dma-fence/core/shared';
import { INVALID_SPAN_CONTEXT, type SpanContext } from '@opentelemetry/api';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { lend } from './support/lend.ts';
import { Rig } from './support/rig.ts';

const SPAN = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };

/** The word of a shared block from which on it holds lists of errors, of trace contexts and of what validators say. */
const BEHIND_THE_COUNTERS = 48;

describe('a trace context', () => {
  it('is 25 bytes, and comes back as remote', () => {
    const bytes = encodeTraceContext(SPAN);
    expect(bytes).toHaveLength(TRACE_CONTEXT_BYTES);
    expect(Buffer.from(bytes).toString('hex')).toBe(`${SPAN.traceId}${SPAN.spanId}01`);
    expect(decodeTraceContext(bytes)).toEqual({ ...SPAN, isRemote: true });
  });

  it('has its place in shared memory, at any offset', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(60));
    expect(encodeTraceContext(SPAN, shared, 30)).toBe(shared);
    expect(decodeTraceContext(shared, 30)).toEqual({ ...SPAN, isRemote: true });
    expect(shared[29]).toBe(0);
    expect(shared[55]).toBe(0);
  });

  it('is none where nothing was written', () => {
    expect(decodeTraceContext(new Uint8Array(25))).toBeUndefined();
    const noSpan = encodeTraceContext({ ...SPAN, spanId: 'not hexadecimal!' });
    expect(decodeTraceContext(noSpan)).toBeUndefined();
  });

  it.each([-1, 1, 0.5])('is refused at offset %d of 25 bytes', (offset) => {
    const bytes = new Uint8Array(25);
    expect(() => encodeTraceContext(SPAN, bytes, offset)).toThrow(
      /encodeTraceContext\(\): a trace context takes 25/,
    );
    expect(() => decodeTraceContext(bytes, offset)).toThrow(
      /decodeTraceContext\(\): a trace context takes 25/,
    );
  });
});

describe('a fence in two threads', () => {
  it('is one span in each, the importer’s linked to the exporter’s, on one clock', async () => {
    await using rig = await Rig.start();
    using fence = rig.gpu.createFence();
    const spanContext = fenceSpanContext(fence);
    if (spanContext === undefined) throw new Error('not traced');
    const worker = new Worker(new URL('./support/importer.js', import.meta.url), {
      execArgv: [],
      workerData: { url: rig.receiver.url('traces'), trace: encodeTraceContext(spanContext) },
    });
    await once(worker, 'exit');
    fence.signal();
    const exported = await rig.span('fence ring0');
    const imported = await rig.span('fence imported');
    expect(imported.links).toEqual([{ traceId: exported.traceId, spanId: exported.spanId, isRemote: true }]);
    expect(imported.start).toBeGreaterThan(exported.start);
    expect(imported.end).toBeLessThan(exported.end);
  });

  it('is linked while it is pending, as remote', async () => {
    await using rig = await Rig.start();
    using fence = rig.gpu.createFence();
    expect(linkFence(fence, { ...SPAN, isRemote: true })).toBe(true);
    fence.signal();
    expect((await rig.span('fence ring0')).links).toEqual([
      { traceId: SPAN.traceId, spanId: SPAN.spanId, isRemote: true },
    ]);
  });

  it('of a shared timeline carries the name that the timeline has in all threads', async () => {
    await using rig = await Rig.start();
    const shared = new DmaFenceContext({ driverName: 'gpu', timelineName: 'shared' });
    Object.assign(shared, { uid: '5ca1ab1e' });
    lend(shared.createFence()).signal();
    expect((await rig.span('fence shared')).attributes['dma_fence.timeline.uid']).toBe('5ca1ab1e');
  });

  it('cannot be linked once it is over, nor when it is not traced', async () => {
    await using rig = await Rig.start();
    using over = rig.gpu.createFence();
    over.signal();
    expect(linkFence(over, SPAN)).toBe(false);
    rig.tracing[Symbol.dispose]();
    using untraced = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' }).createFence();
    expect(fenceSpanContext(untraced)).toBeUndefined();
    expect(linkFence(untraced, SPAN)).toBe(false);
    untraced.signal();
  });

  it('is not linked to a span that was never recorded; what is no fence or no context is refused', async () => {
    await using rig = await Rig.start();
    const fence = lend(rig.gpu.createFence());
    expect(linkFence(fence, INVALID_SPAN_CONTEXT)).toBe(false);
    const einval = expect.objectContaining({ code: 'EINVAL' }) as Error;
    for (const odd of [undefined, null, 5, {}] as unknown[]) {
      expect(() => linkFence(odd as DmaFence, SPAN)).toThrow(einval);
      expect(() => fenceSpanContext(odd as DmaFence)).toThrow(einval);
    }
    for (const odd of [undefined, null, 5] as unknown[]) {
      expect(() => linkFence(fence, odd as SpanContext)).toThrow(einval);
    }
    fence.signal();
    expect((await rig.span('fence ring0')).links).toEqual([]);
  });
});

describe('a fence of a shared timeline', () => {
  /** Another thread that waits for the value as the rest of the message says, and exports to the same receiver. */
  async function elsewhere(
    rig: Rig,
    how: { value: number; blocks?: boolean; readonly?: boolean },
    timeline: SharedTimeline,
  ) {
    const words = new Int32Array(timeline.handle.buffer);
    const before = [...words];
    const worker = new Worker(new URL('./support/waiter.js', import.meta.url), {
      execArgv: [],
      workerData: {
        url: rig.receiver.url('traces'),
        handle: how.readonly === true ? timeline.readonlyHandle : timeline.handle,
        ...how,
      },
    });
    const ended = once(worker, 'exit');
    await once(worker, 'message');
    // A thread that blocks says so in the block, just before it does. One that finds the value finished waits for nothing.
    while (how.blocks === true && words.every((word, index) => word === before[index]))
      await new Promise((resolve) => setImmediate(resolve));
    // Wrapped: a promise would be waited for.
    return { ended };
  }

  it.each([{ blocks: false }, { blocks: true }, { blocks: false, readonly: true }])(
    'that is awaited in another thread is linked there to its producer’s span: %o',
    async (how) => {
      await using rig = await Rig.start();
      using timeline = SharedTimeline.create({ driverName: 'codec', timelineName: 'decode' });
      const value = timeline.reserve();
      using fence = rig.inside('submit', () => timeline.fenceAt(value));
      const { ended } = await elsewhere(rig, { value, ...how }, timeline);
      timeline.advanceTo(value);
      expect(await ended).toEqual([0]);
      expect(fence.signaled).toBe(true);
      await rig.spans();
      const inMain = rig.receiver.spans.filter(({ resource }) => resource['service.name'] !== 'waiter');
      const inWorker = rig.receiver.spans.filter(({ resource }) => resource['service.name'] === 'waiter');
      const produced = inMain.find(({ name }) => name === 'fence decode');
      const awaited = inWorker.find(({ name }) => name === 'fence decode');
      const wait = inWorker.find(({ name }) => name === 'wait decode');
      expect(produced?.links).toEqual([]);
      expect(awaited?.links).toEqual([
        { traceId: produced?.traceId, spanId: produced?.spanId, isRemote: true },
      ]);
      expect(wait?.links).toEqual([{ traceId: awaited?.traceId, spanId: awaited?.spanId, isRemote: false }]);
      expect(awaited?.attributes['dma_fence.timeline.uid']).toBe(timeline.context.uid);
      expect(produced?.attributes['dma_fence.timeline.uid']).toBe(timeline.context.uid);
    },
  );

  it('says how many threads block for it, whether they trace or not', async () => {
    await using rig = await Rig.start();
    using timeline = SharedTimeline.create({ driverName: 'codec', timelineName: 'decode' });
    const value = timeline.reserve();
    using fence = timeline.fenceAt(value);
    const blocker = new Worker(new URL('./support/blocker.js', import.meta.url), {
      execArgv: [],
      workerData: timeline.handle,
    });
    const ends = [once(blocker, 'exit')];
    ends.push((await elsewhere(rig, { value, blocks: true }, timeline)).ended);
    while (timeline.context.carrier?.blocked?.(value) !== 2)
      await new Promise((resolve) => setImmediate(resolve));
    const awaited = fence.wait();
    rig.tracing.flushPending();
    timeline.advanceTo(value);
    await awaited;
    expect(await Promise.all(ends)).toEqual([[0], [0]]);
    await rig.spans();
    const flushed = rig.receiver.spans.find(({ attributes }) => attributes['dma_fence.state'] === 'pending');
    expect(flushed?.attributes['dma_fence.waiter.count']).toBe(3);
  });

  it('is linked to nothing when its bytes are none, or garbage', async () => {
    await using rig = await Rig.start();
    using timeline = SharedTimeline.create({ driverName: 'codec', timelineName: 'decode' });
    // With the tag that says that there is something for value 2.
    new Int32Array(timeline.handle.buffer).fill(2 << 1, BEHIND_THE_COUNTERS);
    expect(timeline.context.carrier?.offer(1, new Uint8Array(25))).toBe(true);
    for (const value of [1, 2]) liveAndDie(timeline, value);
    const spans = (await rig.spans()).filter(({ name }) => name === 'fence decode');
    expect(spans.map(({ links }) => links)).toEqual([[], []]);
  });

  it('leaves word to no other thread when it is not sampled', async () => {
    await using rig = await Rig.start({ requireParent: true });
    using timeline = SharedTimeline.create({ driverName: 'codec', timelineName: 'decode' });
    liveAndDie(timeline, 1);
    expect(timeline.context.carrier?.read(1)).toBeUndefined();
    rig.inside('submit', () => {
      liveAndDie(timeline, 2);
    });
    const bytes = timeline.context.carrier?.read(2);
    const { traceId, spanId } = await rig.span('fence decode');
    expect(bytes && decodeTraceContext(bytes)).toEqual({ traceId, spanId, traceFlags: 1, isRemote: true });
  });
});

/** The life of one value in one thread. */
function liveAndDie(timeline: SharedTimeline, value: number): void {
  const fence = timeline.fenceAt(value);
  timeline.advanceTo(value);
  fence.put();
}
