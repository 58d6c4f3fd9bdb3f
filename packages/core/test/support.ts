import {
  DmaFenceContext,
  FenceTimeline,
  setCallbackErrorHandler,
  setWarningHandler,
  type DmaFence,
  type DmaFenceContextOptions,
  type DriverFence,
  type FenceError,
  type FenceTimelineOptions,
} from '@dma-fence/core';
import type { FenceCheck } from '@dma-fence/core/testing';
import { onTestFinished, test } from 'vitest';

/** Disposes of `thing` when the test ends: a fence is put, a timeline is canceled, a buffer gives back what it has. */
export function forTest<D extends Disposable>(thing: D): D {
  onTestFinished(() => {
    thing[Symbol.dispose]();
  });
  return thing;
}

/**
 * Has what the methods of `maker` return be lent to the test: when the test ends, `before` is called and each reference is put. That
 * core puts no reference of its caller's, and keeps none, is thereby checked in every test.
 */
function lend<M extends object>(
  maker: M,
  methods: readonly (keyof M)[],
  before: (fence: DmaFence) => void,
): M {
  const lent: DmaFence[] = [];
  for (const method of methods) {
    const make = (maker[method] as (...args: unknown[]) => DmaFence).bind(maker);
    Object.defineProperty(maker, method, {
      value: (...args: unknown[]) => {
        const fence = make(...args);
        lent.push(fence);
        return fence;
      },
    });
  }
  onTestFinished(() => {
    const gone = lent.filter(({ refCount }) => refCount === 0);
    for (const fence of lent) {
      if (fence.refCount === 0) continue;
      before(fence);
      fence.put();
    }
    if (gone.length > 0)
      throw new Error(`lent to the test, and put: ${gone.map(({ name }) => name).join(', ')}`);
  });
  return maker;
}

/** A context whose names do not matter to the test. Its fences are lent: when the test ends they signal and are put. */
export function context(options?: Partial<DmaFenceContextOptions>): DmaFenceContext {
  return lend(ownContext(options), ['createFence', 'createFenceWith'], (fence) => {
    // Not failed: who waits for it still must not hear of an error when the test is over.
    (fence as DriverFence).signal();
  });
}

/** The same for a test that puts the fences itself, since that is what it is about. */
export function ownContext(options: Partial<DmaFenceContextOptions> = {}): DmaFenceContext {
  return new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0', ...options });
}

/** A timeline that is canceled when the test ends; its fences are lent, too. */
export function timeline(options: Partial<FenceTimelineOptions> = {}): FenceTimeline {
  const ring = ownTimeline(options);
  return lend(forTest(ring), ['createFence', 'fenceAt'], () => {
    ring[Symbol.dispose]();
  });
}

/** The same for a test that puts the fences itself. */
export function ownTimeline(options: Partial<FenceTimelineOptions> = {}): FenceTimeline {
  return new FenceTimeline({ driverName: 'gpu', timelineName: 'ring0', ...options });
}

/** What core warned of since; the handler goes when the test ends. */
export function warnings(): string[] {
  const heard: string[] = [];
  const restore = setWarningHandler((message) => void heard.push(message));
  onTestFinished(() => {
    restore[Symbol.dispose]();
  });
  return heard;
}

/** What callbacks, ops, disposers and tracers threw since; the handler goes when the test ends. */
export function callbackErrors(): { error: unknown; fence: DmaFence }[] {
  const heard: { error: unknown; fence: DmaFence }[] = [];
  const restore = setCallbackErrorHandler((error, fence) => void heard.push({ error, fence }));
  onTestFinished(() => {
    restore[Symbol.dispose]();
  });
  return heard;
}

/** What hangs on a fence: nothing, one callback itself, or a list. An inside view: that a wait leaves nothing behind shows nowhere else. */
export function hangingOn(fence: DmaFence): unknown {
  if (!('_callbacksOrResult' in fence))
    throw new Error('fences have no such field any more: look where callbacks hang');
  return fence.signaled ? undefined : fence._callbacksOrResult;
}

/** What a call throws. */
export function thrown(call: () => unknown): FenceError {
  try {
    call();
  } catch (error) {
    return error as FenceError;
  }
  throw new Error('nothing was thrown');
}

/** What a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<FenceError> {
  try {
    await promise;
  } catch (error) {
    return error as FenceError;
  }
  throw new Error('nothing was rejected');
}

/** Lets everything that is already decided happen. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

/** Whether a promise is still open after everything decided has happened. */
export async function isOpen(promise: Promise<unknown>): Promise<boolean> {
  let open = true;
  const close = (): void => {
    open = false;
  };
  promise.then(close, close);
  await settled();
  return open;
}

let check: FenceCheck | undefined;

/** The suite runs with a check: see `validated.ts`. */
export function plantIn(running: FenceCheck): void {
  check = running;
}

/** Says that the test does on purpose what the check reports, where it is on. */
export function planted(...what: Parameters<FenceCheck['expect']>): void {
  check?.expect(...what);
}

/** A test that takes long by doing much of what others do once: mutation testing, which runs thousands of suites, leaves it out. */
export function long(name: string, body: () => void | Promise<void>): void {
  test(name, { tags: 'long' }, body);
}
