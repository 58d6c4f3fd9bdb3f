import type { DmaFence } from '@dma-fence/core';
import { trace, type Context, type Span, type SpanContext } from '@opentelemetry/api';
import type { Dependencies } from './dependencies.js';
import type { Lane } from './lane.js';

/** What is kept of a fence that was given up and is still pending. */
export interface GivenUpFence {
  readonly start: number;
}

/**
 * What is known of one fence that is looked at: hangs in the fence's `traceState`, and while the fence is pending in
 * a list of `PendingFences`.
 */
export class FenceRecord {
  // Declared, not initialised: all fields are written once, by the constructor, as in core's fences.

  /** Whose it is: several tracers may look at one fence. */
  declare readonly owner: object;
  /** @borrowed Who only looks must not keep it alive; the record hangs in the fence itself. */
  declare readonly fence: DmaFence;
  declare readonly lane: Lane;
  /** Creation, in ms on the `performance.now()` clock. */
  declare readonly start: number;
  /** Where it was created: the parent of its span. */
  declare readonly parent: Context;
  /** Undefined when it is not sampled and only counted. */
  declare readonly span: Span | undefined;
  /** The span was ended: by the signal, or before it as hung or at a flush. */
  declare ended: boolean;
  /** When the span ended or, while callbacks keep it open, will have ended; the start until then. */
  declare end: number;
  /** Its place among all signals; 0 while it is pending. */
  declare order: number;
  /** Callbacks that have not run. */
  declare callbacks: number;
  declare waiters: number;
  declare dependencies: Dependencies | undefined;
  /** When the work was handed to the hardware. */
  declare emitted: number | undefined;
  /** The newest span about it that has ended while its own goes on. */
  declare marker: SpanContext | undefined;
  /** Whether it was shown as stalled. */
  declare stalled: boolean;
  /** Its neighbours among the pending fences of its context, see `Queue`. */
  declare older: FenceRecord | undefined;
  declare newer: FenceRecord | undefined;
  /** Stands for it among those that were given up, which are not kept themselves. */
  declare givenUp: GivenUpFence | undefined;
  /** Which list of `PendingFences` it is in; -1: none. */
  declare level: number;
  declare previous: FenceRecord | undefined;
  declare next: FenceRecord | undefined;
  /** Another tracer's record of the same fence. */
  declare other: FenceRecord | undefined;

  constructor(
    owner: object,
    fence: DmaFence,
    lane: Lane,
    start: number,
    parent: Context,
    span: Span | undefined,
  ) {
    this.owner = owner;
    this.fence = fence;
    this.lane = lane;
    this.start = start;
    this.parent = parent;
    this.span = span;
    this.ended = false;
    this.end = start;
    this.order = 0;
    this.callbacks = 0;
    this.waiters = 0;
    this.dependencies = undefined;
    this.emitted = undefined;
    this.marker = undefined;
    this.stalled = false;
    this.older = undefined;
    this.newer = undefined;
    this.givenUp = undefined;
    this.level = -1;
    this.previous = undefined;
    this.next = undefined;
    this.other = undefined;
  }

  /** The newest span of it that a backend can have: while its own goes on that is a marker, if there is one. */
  get visible(): SpanContext | undefined {
    return this.ended ? this.span?.spanContext() : this.marker;
  }

  /** The context in which children of the fence's span are made. */
  get inside(): Context {
    return this.span === undefined ? this.parent : trace.setSpan(this.parent, this.span);
  }
}

/** Records of fences whose slot was taken by a tracer that is not ours; made when the first one is met. */
let displaced: WeakMap<DmaFence, FenceRecord> | undefined;

function firstRecord(fence: DmaFence): FenceRecord | undefined {
  const { traceState } = fence;
  if (traceState === undefined) return undefined;
  return traceState instanceof FenceRecord ? traceState : displaced?.get(fence);
}

/** The record that `owner` keeps of a fence. */
export function recordOf(fence: DmaFence, owner: object): FenceRecord | undefined {
  let record = firstRecord(fence);
  while (record !== undefined && record.owner !== owner) record = record.other;
  return record;
}

/** The records of a fence, whoever keeps them, with a span first. */
export function anyRecordOf(fence: DmaFence): FenceRecord | undefined {
  const first = firstRecord(fence);
  for (let record = first; record !== undefined; record = record.other) {
    if (record.span !== undefined) return record;
  }
  return first;
}

/** Puts a record where `recordOf` finds it. The slot belongs to who fills it first. */
export function keepRecord(record: FenceRecord): void {
  const { fence } = record;
  if (fence.traceState === undefined) {
    fence.traceState = record;
    return;
  }
  const first = firstRecord(fence);
  if (first === undefined) {
    (displaced ??= new WeakMap()).set(fence, record);
  } else {
    record.other = first.other;
    first.other = record;
  }
}
