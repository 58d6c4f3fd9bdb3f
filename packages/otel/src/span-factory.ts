import type { DmaFence } from '@dma-fence/core';
import type { Context, Link, Span, SpanOptions } from '@opentelemetry/api';
import { hrTime } from './clock.js';
import type { FenceRecord } from './fence-record.js';
import type { Lane } from './lane.js';
import type { FenceSpanKind, Settings } from './options.js';

/** What a span begins with. */
export interface SpanStart {
  readonly kind: FenceSpanKind;
  readonly fence: DmaFence;
  readonly lane: Lane;
  /** In ms on the `performance.now()` clock. */
  readonly at: number;
  readonly parent: Context;
  /** The fence whose work waits: a wait is of its timeline. */
  readonly waiter?: FenceRecord | undefined;
  readonly links?: Link[] | undefined;
  /** Comes after the name. */
  readonly suffix?: string | undefined;
}

/** Makes the spans of this package: named, timed from the one anchor, shown to the user's hook. */
export class SpanFactory {
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Undefined when there is no SDK, or it does not record this one. */
  start({ kind, fence, lane, at, parent, links, suffix, waiter }: SpanStart): Span | undefined {
    const { tracer } = waiter?.lane ?? lane;
    if (tracer === undefined) return undefined;
    const { spanName, onSpan } = this.#settings;
    const name = spanName?.(fence, kind) ?? lane.nameOf(kind);
    const options: SpanOptions = { startTime: hrTime(at), attributes: lane.attributes(fence) };
    if (links !== undefined) options.links = links;
    const span = tracer.startSpan(suffix === undefined ? name : `${name} ${suffix}`, options, parent);
    if (!span.isRecording()) return undefined;
    onSpan?.(span, fence, kind, waiter?.fence);
    return span;
  }
}
