import { addFenceTracer } from '@dma-fence/core';
import { dumpFences, pendingFences, trackFences } from '@dma-fence/core/debug';
import type { Clock } from '../clock.js';

/** Prints what is pending when nothing was signaled for so long: once each time that things stand still. */
export class PendingDump implements Disposable {
  readonly #tracking = trackFences();
  readonly #tracer: Disposable;
  #timer: Disposable | undefined;

  /**
   * @param ms - for how long
   * @param print - takes a table of several lines
   */
  constructor(ms: number, clock: Clock, print: (table: string) => void) {
    const watch = (): void => {
      this.#timer?.[Symbol.dispose]();
      this.#timer = clock.after(ms, () => {
        if (pendingFences().length === 0) return;
        print(`Nothing was signaled for ${String(ms)} ms: ${dumpFences(() => undefined)}`);
      });
    };
    this.#tracer = addFenceTracer({ signaled: watch });
    watch();
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#tracer[Symbol.dispose]();
    this.#tracking[Symbol.dispose]();
  }
}
