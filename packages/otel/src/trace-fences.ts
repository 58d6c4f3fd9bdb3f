import { addFenceTracer } from '@dma-fence/core';
import { settingsOf, type TraceFencesOptions } from './options.js';
import { SpanTracer } from './span-tracer.js';

/**
 * Tracing that is under way; disposing ends it, and ends what is pending as by `flushPending`.
 *
 * @example Nothing pending is lost when the process ends
 * ```ts
 * import { traceFences, type FenceTracing } from '@dma-fence/otel';
 *
 * async function shutdown(tracing: FenceTracing, sdk: { shutdown(): Promise<void> }): Promise<void> {
 *   tracing[Symbol.dispose]();
 *   await sdk.shutdown();
 * }
 *
 * await shutdown(traceFences(), { shutdown: () => Promise.resolve() });
 * ```
 */
export interface FenceTracing extends Disposable {
  /**
   * Ends the spans of all fences that are pending, and of the waits, with `dma_fence.state` `pending`, so that a backend
   * sees them: call it before the SDK shuts down. A fence that signals later still gets a short span `… late`.
   *
   * @returns how many fences were pending.
   */
  flushPending(): number;
}

/**
 * Shows every fence as an OpenTelemetry span, from its creation to its signal, and counts them.
 *
 * Spans go to the registered SDK; without one, and under spans that are not sampled, next to nothing is done. Call it
 * once, early: fences that were created before are not seen. Stands for switching on the kernel's `dma_fence` tracepoints.
 *
 * @param options what to record; see `TraceFencesOptions`.
 * @returns the tracing under way, to flush and to end it.
 * @throws FenceError `EINVAL` for options that make no sense.
 *
 * @example Trace everything
 * ```ts
 * import { DmaFenceContext } from '@dma-fence/core';
 * import { traceFences } from '@dma-fence/otel';
 *
 * using tracing = traceFences();
 * const context = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
 * using fence = context.createFence();
 * fence.signal(); // one span `fence ring0`
 * tracing.flushPending(); // 0
 * ```
 */
export function traceFences(options: TraceFencesOptions = {}): FenceTracing {
  const tracer = new SpanTracer(settingsOf(options));
  const installed = addFenceTracer(tracer);
  return {
    flushPending: () => tracer.flushPending(),
    [Symbol.dispose]() {
      installed[Symbol.dispose]();
      tracer.stop();
    },
  };
}
