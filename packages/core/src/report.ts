import type { DmaFence } from './fence/dma-fence.js';
import { platform } from './platform.js';
import { tracers } from './tracer/installed.js';
import { validator, type ForeignCode } from './validator.js';

/** Who hears warnings and callbacks' errors; the platform while it is undefined. What fills it is in `handlers.ts`. */
export let warningHandler: ((message: string, fence?: DmaFence) => void) | undefined;
export let callbackErrorHandler: ((error: unknown, fence: DmaFence) => void) | undefined;

export function setHandlers(
  warning: typeof warningHandler,
  callbackError: typeof callbackErrorHandler,
): void {
  warningHandler = warning;
  callbackErrorHandler = callbackError;
}

/** Passes on what foreign code threw; a handler that throws itself cannot stop the caller either. */
export function reportCallbackError(error: unknown, fence: DmaFence): void {
  try {
    if (callbackErrorHandler === undefined) platform.report(error);
    else callbackErrorHandler(error, fence);
  } catch (thrown) {
    platform.report(thrown);
  }
}

/** Tells handler and tracers. */
export function warn(message: string, fence: DmaFence | undefined): void {
  try {
    if (warningHandler === undefined) platform.warn(message);
    else warningHandler(message, fence);
  } catch (thrown) {
    platform.report(thrown);
  }
  tracers?.warning(message, fence);
}

/** Calls an exporter's op, named by `what`, or a disposer: what it throws is reported, and stands for no answer. */
export function attempt<R>(fence: DmaFence, call: () => R, what?: ForeignCode): R | undefined {
  try {
    return what === undefined || validator === undefined
      ? call()
      : validator.call(fence, what, call, undefined);
  } catch (error) {
    reportCallbackError(error, fence);
    return undefined;
  }
}
