import { unfit } from './error.js';
import type { DmaFence } from './fence/dma-fence.js';
import { setHandlers } from './report.js';

/** The newest handler answers; disposing takes an entry out wherever it is. */
type Handlers<H> = { readonly handler: H }[];

const warningHandlers: Handlers<(message: string, fence?: DmaFence) => void> = [];
const callbackErrorHandlers: Handlers<(error: unknown, fence: DmaFence) => void> = [];

function push<H>(who: string, handlers: Handlers<H>, handler: H): Disposable {
  if (typeof handler !== 'function') throw unfit(`${who}: handler`, 'a function', handler);
  const entry = { handler };
  handlers.push(entry);
  choose();
  return {
    [Symbol.dispose]() {
      const index = handlers.indexOf(entry);
      if (index >= 0) handlers.splice(index, 1);
      choose();
    },
  };
}

function choose(): void {
  setHandlers(warningHandlers.at(-1)?.handler, callbackErrorHandlers.at(-1)?.handler);
}

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
  return push('setWarningHandler()', warningHandlers, handler);
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
  return push('setCallbackErrorHandler()', callbackErrorHandlers, handler);
}
