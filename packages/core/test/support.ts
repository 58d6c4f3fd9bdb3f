import {
  DmaFenceContext,
  setCallbackErrorHandler,
  setWarningHandler,
  type DmaFence,
  type DmaFenceContextOptions,
  type FenceError,
} from '@dma-fence/core';
import type { LockdepKind } from '@dma-fence/core/lockdep';
import type { FenceCheck } from '@dma-fence/core/testing';
import { onTestFinished } from 'vitest';

/** A context whose names do not matter to the test. */
export function context(options: Partial<DmaFenceContextOptions> = {}): DmaFenceContext {
  return new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0', ...options });
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

/** Says that the test does on purpose what the validator reports, where it is on. */
export function planted(kind: LockdepKind): void {
  check?.expect(kind);
}
