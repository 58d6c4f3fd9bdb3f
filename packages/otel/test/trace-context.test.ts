import { DmaFenceContext } from '@dma-fence/core';
import {
  decodeTraceContext,
  encodeTraceContext,
  fenceSpanContext,
  linkFence,
  TRACE_CONTEXT_BYTES,
} from '@dma-fence/otel';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { Rig } from './support/rig.ts';

const SPAN = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };

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
    const fence = rig.gpu.createFence();
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
    shared.createFence().signal();
    expect((await rig.span('fence shared')).attributes['dma_fence.timeline.uid']).toBe('5ca1ab1e');
  });

  it('cannot be linked once it is over, nor when it is not traced', async () => {
    await using rig = await Rig.start();
    const over = rig.gpu.createFence();
    over.signal();
    expect(linkFence(over, SPAN)).toBe(false);
    rig.tracing[Symbol.dispose]();
    const untraced = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' }).createFence();
    expect(fenceSpanContext(untraced)).toBeUndefined();
    expect(linkFence(untraced, SPAN)).toBe(false);
    untraced.signal();
  });
});
