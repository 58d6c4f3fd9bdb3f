import type { DmaFence } from './fence.js';
import { platform } from './platform.js';
import { tracers } from './tracer.js';

/** A stack of handlers: the newest answers, disposing takes an entry out wherever it is. */
class HandlerStack<H> {
  readonly #entries: { handler: H }[] = [];

  get current(): H | undefined {
    return this.#entries.at(-1)?.handler;
  }

  push(handler: H): Disposable {
    const entry = { handler };
    this.#entries.push(entry);
    return {
      [Symbol.dispose]: () => {
        const index = this.#entries.indexOf(entry);
        if (index >= 0) this.#entries.splice(index, 1);
      },
    };
  }
}

const warningHandlers = /* @__PURE__ */ new HandlerStack<(message: string, fence?: DmaFence) => void>();
const callbackErrorHandlers = /* @__PURE__ */ new HandlerStack<(error: unknown, fence: DmaFence) => void>();

/**
 * Sets who hears core's warnings, `console.warn` by default.
 *
 * @param handler gets the message, which names the fence, and the fence where there is one (borrowed).
 * @returns a disposable that takes this handler out again; the one before it then answers.
 *
 * @example Make warnings fail a test
 * ```ts
 * import { setWarningHandler } from '@dma-fence/core';
 *
 * const restore = setWarningHandler((message) => {
 *   throw new Error(message);
 * });
 * restore[Symbol.dispose]();
 * ```
 */
export function setWarningHandler(handler: (message: string, fence?: DmaFence) => void): Disposable {
  return warningHandlers.push(handler);
}

/**
 * Sets who hears what a callback, an exporter's op, a disposer or a tracer threw.
 *
 * By default it goes to `reportError` where the platform has one; no Node release does, so there it becomes
 * an uncaught exception as soon as the current work is done. It never reaches the producer.
 *
 * @param handler gets what was thrown and the fence on which it happened (borrowed).
 * @returns a disposable that takes this handler out again; the one before it then answers.
 *
 * @example Log and go on
 * ```ts
 * import { setCallbackErrorHandler } from '@dma-fence/core';
 *
 * const errors: string[] = [];
 * const restore = setCallbackErrorHandler((error, fence) => {
 *   errors.push(`${fence.name}: ${String(error)}`);
 * });
 * restore[Symbol.dispose]();
 * ```
 */
export function setCallbackErrorHandler(handler: (error: unknown, fence: DmaFence) => void): Disposable {
  return callbackErrorHandlers.push(handler);
}

/** Passes on what foreign code threw; a handler that throws itself cannot stop the caller either. */
export function reportCallbackError(error: unknown, fence: DmaFence): void {
  const handler = callbackErrorHandlers.current;
  if (handler === undefined) {
    platform.report(error);
    return;
  }
  try {
    handler(error, fence);
  } catch (thrown) {
    platform.report(thrown);
  }
}

/** Tells handler and tracers. */
export function warn(message: string, fence: DmaFence | undefined): void {
  const handler = warningHandlers.current;
  try {
    if (handler === undefined) platform.warn(message);
    else handler(message, fence);
  } catch (thrown) {
    platform.report(thrown);
  }
  tracers?.warning(message, fence);
}
