import {
  addFenceTracer,
  DmaFenceContext,
  FenceCallback,
  setCallbackErrorHandler,
  traceDependency,
  type DmaFence,
  type FenceTracer,
} from '@dma-fence/core';
import { afterEach, describe, expect, it } from 'vitest';

const context = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
const installed: Disposable[] = [];

function install(tracer: FenceTracer): Disposable {
  const entry = addFenceTracer(tracer);
  installed.push(entry);
  return entry;
}

afterEach(() => {
  for (const entry of installed.splice(0)) entry[Symbol.dispose]();
});

/** A tracer that gives out the tokens in turn and notes with which one each callback ran. */
function tokenTracer(...tokens: unknown[]): FenceTracer & { heard: unknown[] } {
  const heard: unknown[] = [];
  return {
    heard,
    callbackAdded: () => tokens.shift(),
    callback(_fence, run, token) {
      heard.push(token);
      run();
    },
  };
}

describe('callbackAdded', () => {
  it('gives its token back to callback(), for functions and records alike, in order', () => {
    const tracer = tokenTracer('first', 'second', 'third');
    install(tracer);
    using fence = context.createFence();
    const order: string[] = [];
    fence.addCallback(() => order.push('function'));
    fence.addCallback(new FenceCallback(() => order.push('record')));
    fence.addCallback(() => order.push('last'));
    fence.signal();
    expect(tracer.heard).toEqual(['first', 'second', 'third']);
    expect(order).toEqual(['function', 'record', 'last']);
  });

  it('that answers undefined keeps that callback from its tracer, and it runs all the same', () => {
    const tracer = tokenTracer(undefined, 'second');
    install(tracer);
    using fence = context.createFence();
    let ran = 0;
    fence.addCallback(() => ran++);
    fence.addCallback(() => ran++);
    fence.signal();
    expect(tracer.heard).toEqual(['second']);
    expect(ran).toBe(2);
  });

  it('is not needed: a tracer without it hears of every callback', () => {
    const heard: unknown[] = [];
    install({
      callback(_fence, run, token) {
        heard.push(token);
        run();
      },
    });
    const other = tokenTracer('mine');
    install(other);
    using fence = context.createFence();
    fence.addCallback(() => undefined);
    fence.signal();
    expect(heard).toEqual([undefined]);
    expect(other.heard).toEqual(['mine']);
  });

  it('is not called for a callback that the fence refuses', () => {
    const tracer = tokenTracer('never');
    install(tracer);
    using fence = context.createFence();
    fence.signal();
    expect(fence.addCallback(() => undefined)).toBe(false);
    using next = context.createFence();
    next.addCallback(() => undefined);
    next.signal();
    expect(tracer.heard).toEqual(['never']);
  });

  it('tokens of a removed record are forgotten: it is told of its next registration only', () => {
    const tracer = tokenTracer('first', undefined, 'third');
    install(tracer);
    using fence = context.createFence();
    const record = new FenceCallback(() => undefined);
    fence.addCallback(record);
    expect(fence.removeCallback(record)).toBe(true);
    fence.addCallback(record);
    fence.signal();
    using next = context.createFence();
    next.addCallback(record);
    next.signal();
    expect(tracer.heard).toEqual(['third']);
  });

  it('tokens of a tracer that is gone are nobody else’s', () => {
    const gone = tokenTracer('gone');
    const tracing = install(gone);
    using fence = context.createFence();
    let ran = 0;
    fence.addCallback(() => ran++);
    tracing[Symbol.dispose]();
    const late = tokenTracer();
    install(late);
    fence.signal();
    expect([gone.heard, late.heard]).toEqual([[], []]);
    expect(ran).toBe(1);
  });

  it('that throws is reported and its tracer dropped; the callback is added', () => {
    const errors: unknown[] = [];
    installed.push(setCallbackErrorHandler((error) => errors.push(error)));
    install({
      callbackAdded() {
        throw new Error('tracer');
      },
    });
    using fence = context.createFence();
    let ran = 0;
    expect(fence.addCallback(() => ran++)).toBe(true);
    fence.signal();
    expect(ran).toBe(1);
    expect(errors).toEqual([new Error('tracer')]);
  });
});

describe('traceDependency', () => {
  it('tells every tracer, and nobody when there is none', () => {
    const told: [DmaFence, DmaFence][] = [];
    using written = context.createFence();
    using read = context.createFence();
    traceDependency(read, written);
    install({ dependency: (fence, on) => told.push([fence, on]) });
    traceDependency(read, written);
    expect(told).toEqual([[read, written]]);
    written.signal();
    read.signal();
  });
});

it('answers false where a tracer that is told of it asks the exporter, and it is over', () => {
  let over = false;
  const device = new DmaFenceContext({
    driverName: 'gpu',
    timelineName: 'ring0',
    ops: { isSignaled: () => over },
  });
  install({
    callbackAdded: (fence) => {
      over = true;
      return fence.poll();
    },
    callback: (_fence, run) => {
      run();
    },
  });
  let runs = 0;
  const first = device.createFence();
  expect(first.addCallback(() => void runs++)).toBe(false);
  over = false;
  const second = device.createFence();
  const record = new FenceCallback(() => void runs++);
  expect(second.addCallback(record)).toBe(false);
  expect([record.pending, runs, second.error]).toEqual([false, 0, undefined]);
  first.put();
  second.put();
});
