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
 * Sets the handler of core's warnings. The default is `console.warn`.
 *
 * @param handler receives the message, which names the fence, and the fence if there is one (borrowed).
 * @returns a disposable that removes this handler. The handler before it then receives the warnings again.
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
 * Sets the handler of errors thrown by a callback, an exporter's op, a disposer or a tracer.
 *
 * By default these errors go to `reportError`, if the platform has it. No release of Node does: there they become uncaught
 * exceptions as soon as the current work is done. They never reach the producer.
 *
 * @param handler receives the thrown value and the fence on which it happened (borrowed).
 * @returns a disposable that removes this handler. The handler before it then receives the errors again.
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
