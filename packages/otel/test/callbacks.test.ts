import { FenceCallback, setCallbackErrorHandler } from '@dma-fence/core';
import { context, createContextKey, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lend } from './support/lend.ts';
import { idOf, Rig, unsampled } from './support/rig.ts';
import { startClock, stopClock } from './support/virtual-clock.ts';

const USER = createContextKey('user');

describe('a callback', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await Rig.start({ slowCallbackMs: 5 });
  });
  afterEach(async () => {
    startClock();
    await rig[Symbol.asyncDispose]();
  });

  it('runs in the context in which it was added, whoever signals', async () => {
    using fence = rig.gpu.createFence();
    const seen: unknown[] = [];
    context.with(context.active().setValue(USER, 'ada'), () => {
      fence.addCallback(() => seen.push(context.active().getValue(USER)));
    });
    const request = rig.inside('request', (span) => {
      fence.addCallback(
        new FenceCallback(() => {
          seen.push(trace.getActiveSpan());
          rig.inside('present', () => undefined);
        }),
      );
      return span;
    });
    rig.inside('interrupt', () => fence.signal());
    expect(seen).toEqual(['ada', request]);
    expect((await rig.span('present')).parentSpanId).toBe(idOf(request));
  });

  it('does so on a fence that is not sampled, too', () => {
    const fence = context.with(unsampled(), () => lend(rig.gpu.createFence()));
    const seen: unknown[] = [];
    context.with(context.active().setValue(USER, 'ada'), () => {
      fence.addCallback(() => seen.push(context.active().getValue(USER)));
    });
    fence.addCallback(() => seen.push(context.active().getValue(USER)));
    fence.signal();
    expect(seen).toEqual(['ada', undefined]);
  });

  it('that is slow is an event on the span, with how long it took', async () => {
    stopClock();
    using fence = rig.gpu.createFence();
    fence.addCallback(() => vi.advanceTimersByTime(4));
    fence.addCallback(() => vi.advanceTimersByTime(7));
    fence.signal();
    const { events, end } = await rig.span('fence ring0');
    expect(events.map(({ name }) => name)).toEqual(['dma_fence.signaled', 'dma_fence.slow_callback']);
    expect(events[1]?.attributes).toEqual({ 'dma_fence.callback.duration': 0.007 });
    // The span ended with the signal, before its callbacks ran.
    expect(Number((events[1]?.at ?? 0n) - end)).toBe(4_000_000);
  });

  it('that throws is a span below the fence’s, an error, and reported as ever', async () => {
    const errors: unknown[] = [];
    using _handler = setCallbackErrorHandler((error) => errors.push(error));
    using fence = rig.gpu.createFence();
    fence.addCallback(() => {
      throw new TypeError('secret');
    });
    fence.addCallback(() => {
      throw Object.assign(new Error('secret'), { code: 'ENOENT' });
    });
    fence.addCallback(() => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- users do
      throw 'secret';
    });
    fence.signal();
    expect(errors).toHaveLength(3);
    const parent = await rig.span('fence ring0');
    const children = (await rig.spans()).filter(({ name }) => name === 'callback ring0');
    expect(children.map(({ attributes }) => attributes['error.type'])).toEqual([
      'TypeError',
      'ENOENT',
      '_OTHER',
    ]);
    for (const child of children) expect(child).toMatchObject({ parentSpanId: parent.spanId, status: 2 });
    expect(parent.status).toBe(0);
    expect(JSON.stringify(await rig.spans(), (_, value: unknown) => String(value))).not.toContain('secret');
  });

  it('that was removed does not keep the span of its fence open', async () => {
    using fence = rig.gpu.createFence();
    const removed = new FenceCallback(() => undefined);
    fence.addCallback(removed);
    fence.addCallback(() => undefined);
    fence.removeCallback(removed);
    fence.signal();
    await Promise.resolve();
    expect((await rig.span('fence ring0')).events).toHaveLength(1);
  });

  it('that was removed does not keep it from a flush in the same turn', async () => {
    using fence = rig.gpu.createFence();
    const removed = new FenceCallback(() => undefined);
    fence.addCallback(removed);
    fence.removeCallback(removed);
    fence.signal();
    expect(rig.tracing.flushPending()).toBe(0);
    expect((await rig.span('fence ring0')).attributes).not.toHaveProperty('dma_fence.state');
  });

  it('of a fence that hangs may run after the span has ended', async () => {
    using fence = rig.gpu.createFence();
    let ran = 0;
    fence.addCallback(() => ran++);
    rig.tracing.flushPending();
    fence.signal();
    expect(ran).toBe(1);
    expect((await rig.spans()).map(({ name }) => name)).toEqual(['fence ring0', 'fence ring0 late']);
  });
});
