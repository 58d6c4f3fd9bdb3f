import {
  traceDependency,
  peekFences,
  type Borrowed,
  type DmaFence,
  type DmaFenceContext,
  type Owned,
} from '@dma-fence/core';
import { SharedTimeline, type SharedTimelineHandle } from '@dma-fence/core/shared';

/** What is known of a piece of work. Times are those of `monotonicNow`. */
export class WorkRecord {
  /** What it does, for people: picture and pass. */
  readonly label: string;
  /** Number of the picture, from 0. */
  readonly frame: number;
  readonly queuedAt: number;
  /** When it began and ended, for the thread that does it to write down: it survives that thread. */
  readonly times: Float64Array<SharedArrayBuffer> = new Float64Array(new SharedArrayBuffer(16)).fill(NaN);

  constructor(label: string, frame: number, queuedAt: number) {
    this.label = label;
    this.frame = frame;
    this.queuedAt = queuedAt;
  }

  get startedAt(): number | undefined {
    return this.#at(0);
  }

  set startedAt(time: number | undefined) {
    this.times[0] = time ?? NaN;
  }

  get endedAt(): number | undefined {
    return this.#at(1);
  }

  set endedAt(time: number | undefined) {
    this.times[1] = time ?? NaN;
  }

  #at(index: 0 | 1): number | undefined {
    const time = this.times[index];
    return time === undefined || Number.isNaN(time) ? undefined : time;
  }
}

/** What a piece of work has to wait for. */
export interface Dependencies {
  /** What made its input: must have succeeded, or the work fails with the same error. */
  readonly data?: Borrowed | undefined;
  /** What uses the buffer that it overwrites: must be over, well or not. */
  readonly order?: Borrowed | undefined;
}

/** More failures than a run can have in flight: a result must not be forgotten before it was asked for. */
const ERROR_SLOTS = 1024;

const timelines = new WeakMap<DmaFenceContext, WorkTimeline>();

/** A shared timeline whose values stand for pieces of work: any thread can wait for them. */
export class WorkTimeline implements Disposable {
  readonly shared: SharedTimeline;
  /** A fence of a shared timeline has no data: what its value stands for is written down here, before there is a fence. */
  readonly #works = new Map<number, WorkRecord>();

  constructor(driverName: string, timelineName: string) {
    this.shared = SharedTimeline.create({ driverName, timelineName, errorSlots: ERROR_SLOTS });
    timelines.set(this.shared.context, this);
  }

  /** Announces a piece of work; its number is owed an `advanceTo` from now on. Throws when the timeline has ended. */
  add(work: WorkRecord): Owned {
    const seqno = this.shared.reserve();
    this.#works.set(seqno, work);
    return this.shared.fenceAt(seqno);
  }

  /** The fence of work that is not taken any more: one that has failed. */
  refuse(): Owned {
    return this.shared.fenceAt(this.shared.reserved + 1);
  }

  /** What a value stands for. */
  at(seqno: number): WorkRecord | undefined {
    return this.#works.get(seqno);
  }

  /** Ends it: everything that is not over fails, in all threads. */
  [Symbol.dispose](): void {
    this.shared[Symbol.dispose]();
  }
}

/** Does the work of a fence, and whatever else one wants to know of it. */
type WorkScope = <R>(fence: DmaFence, work: () => R) => R;

const plainly: WorkScope = (_fence, work) => work();
let scope = plainly;

/** From now on the work of the main thread's fences is done inside `within`; disposing ends that. */
export function doWorkOf(within: WorkScope): Disposable {
  scope = within;
  return {
    [Symbol.dispose]: () => {
      scope = plainly;
    },
  };
}

/** Does a part of the work of a fence: waits in there are its own. */
export function asWorkOf<R>(fence: DmaFence, work: () => R): R {
  return scope(fence, work);
}

/** The work that a fence stands for; undefined: none that the demo knows of. */
export function workOf({ data, context, seqno }: DmaFence): WorkRecord | undefined {
  return data instanceof WorkRecord ? data : timelines.get(context)?.at(seqno);
}

/** The single fences that a piece of work waits for; tracers hear of it. */
export function leavesOf(fence: Borrowed, on: Borrowed | undefined): Borrowed[] {
  if (on === undefined) return [];
  traceDependency(fence, on);
  return [...peekFences(on)];
}

/** With what another thread waits for a fence; undefined for one of this thread only. */
export function handleOf({ context }: DmaFence): SharedTimelineHandle | undefined {
  return timelines.get(context)?.shared.readonlyHandle;
}
