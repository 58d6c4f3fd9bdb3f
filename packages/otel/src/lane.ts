import type { DmaFence, TraceCarrier } from '@dma-fence/core';
import type { Attributes, Tracer } from '@opentelemetry/api';
import type { Series } from './fence-metrics.js';
import { isContainer } from './leaves.js';
import { TIMELINE_UID } from './names.js';
import type { FenceSpanKind } from './options.js';
import { Queue } from './queue.js';

/** What is the same for all fences of a context, worked out once. */
export class Lane {
  readonly #fenceName: string;
  readonly #waitName: string;
  readonly #callbackName: string;
  readonly #workName: string;
  /** Whether its fences are made of others. */
  readonly container: boolean;
  readonly driverName: string;
  readonly timelineName: string;
  /** Where other threads leave the identity of their span of the same fence, and find ours. */
  readonly carrier: TraceCarrier | undefined;
  /** The counters of its fences; undefined without metrics. */
  readonly series: Series | undefined;
  /** Its pending fences. */
  readonly queue: Queue = new Queue();
  readonly #id: string;
  /** What names a shared timeline in all threads: there the context's number is another in each. */
  readonly #uid: string | undefined;
  readonly #tracer: () => Tracer | undefined;

  /** @param fence the first one of the context that was met. */
  constructor(fence: DmaFence, tracer: () => Tracer | undefined, series: Series | undefined) {
    const { context } = fence;
    const { driverName, timelineName } = context;
    this.#fenceName = `fence ${timelineName}`;
    this.#waitName = `wait ${timelineName}`;
    this.#callbackName = `callback ${timelineName}`;
    this.#workName = `work ${timelineName}`;
    this.container = isContainer(fence);
    this.driverName = driverName;
    this.timelineName = timelineName;
    // Absent in a core that is older than this package.
    this.carrier = (context as { readonly carrier?: TraceCarrier | undefined }).carrier;
    this.series = series;
    this.#id = String(context.id);
    this.#uid = (context as { readonly uid?: string | undefined }).uid;
    this.#tracer = tracer;
  }

  /** Whether other threads have the same fences, and may wait for them unseen. */
  get shared(): boolean {
    return this.#uid !== undefined;
  }

  /** Undefined while no provider is registered. */
  get tracer(): Tracer | undefined {
    return this.#tracer();
  }

  /** The default name of a span; spelled out, since putting a key together costs more than all the rest here. */
  nameOf(kind: FenceSpanKind): string {
    if (kind === 'fence') return this.#fenceName;
    if (kind === 'wait') return this.#waitName;
    return kind === 'work' ? this.#workName : this.#callbackName;
  }

  /** What every span of a fence carries; a new object, SDKs and samplers may keep and change it. */
  attributes(fence: DmaFence): Attributes {
    // Spelled out: computed keys would double the cost.
    const attributes: Attributes = {
      'dma_fence.context': this.#id,
      'dma_fence.seqno': String(fence.seqno),
      'dma_fence.driver.name': this.driverName,
      'dma_fence.timeline.name': this.timelineName,
    };
    if (this.#uid !== undefined) attributes[TIMELINE_UID] = this.#uid;
    return attributes;
  }
}
