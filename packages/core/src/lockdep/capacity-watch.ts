import { peekLeaves } from '../container/peek.js';
import type { DmaFence } from '../fence/dma-fence.js';
import type { Fence } from '../fence/fence.js';
import type { Capacity } from '../producer/capacity.js';
import { needsOf } from '../producer/producer-context.js';
import { isDmaFence } from '../fence/fence.js';
import { capacityFound } from './findings.js';
import { taskOf } from './flow.js';
import { Graph, Node, type Edge } from './graph.js';
import type { Hold } from './hold.js';
import type { Fail, Reporter } from './reporter.js';
import type { Event } from './scene.js';

/** How much is learnt before learning begins anew: a limiter a request would be remembered for ever. */
const MANY_EDGES = 5_000;

/** Something that needs a share of a capacity before it can go on. */
interface Need {
  readonly capacity: Capacity;
  /** The fence that was waited for, or the call. */
  readonly needed: string;
}

/** The pending fences that a wait is for, with all that they depend on, and what these need. */
export interface Survey {
  readonly fences: ReadonlySet<Fence>;
  readonly needs: readonly Need[];
}

/**
 * Learns which capacity is held while another, or the same, is needed: directly, over locks, or over fences whose own section
 * waits for a job.
 *
 * A graph of its own: in that of locks and fences all fences are one class, and every job needs fences on purpose. Here a fence
 * counts as itself, and each capacity is a class.
 */
export class CapacityWatch {
  readonly #reporter: Reporter;
  #graph = new Graph();
  #edges = 0;
  readonly #nodes = new WeakMap<Capacity, Node>();
  readonly #capacities = new WeakSet<Node>();
  readonly #locks = new Map<string, Node>();
  /** What the own section of a fence has waited for. */
  readonly #sectionNeeds = new WeakMap<Fence, Need[]>();
  /** Which work waits, or has waited, for a fence. */
  readonly #waiters = new WeakMap<Fence, Omit<Edge, 'to'>[]>();
  /** Nothing is learnt before there is a capacity. */
  #seen = false;

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
  }

  /** The class of a capacity. */
  nodeOf(capacity: Capacity): Node {
    let node = this.#nodes.get(capacity);
    if (node === undefined) {
      this.#seen = true;
      node = new Node('lock', capacity.name);
      this.#nodes.set(capacity, node);
      this.#capacities.add(node);
    }
    return node;
  }

  /** What pending fences need; asked when the wait begins, since it may be over before it is judged. */
  surveyOf(fences: readonly Fence[]): Survey {
    const seen = new Set<Fence>();
    const needs = fences.flatMap((fence) => [...this.#needsOf(fence, seen)]);
    return { fences: seen, needs };
  }

  /** Fences were waited for under a hold; `isOwn` tells those that whoever has it has signaled. */
  waited(
    hold: Hold,
    { fences, needs }: Survey,
    event: Event,
    fail: Fail,
    isOwn: (fence: Fence) => boolean,
  ): void {
    for (const need of needs) this.needed(hold, need, event, fail);
    if (!this.#seen) return;
    // Their own sections may have come to need a capacity since the wait began, and may do so later.
    for (const fence of fences) {
      if (isOwn(fence)) continue;
      for (const need of this.#sectionNeeds.get(fence) ?? []) this.needed(hold, need, event, fail);
      if (hold.fence === undefined)
        this.#list(this.#waiters, fence).push(this.#edge(hold, fence.name, event));
    }
  }

  /** A capacity was needed under a hold. */
  needed(hold: Hold, need: Need, event: Event, fail: Fail): void {
    const own = hold.fence?.deref();
    if (own === undefined) {
      this.#learn({ ...this.#edge(hold, need.needed, event), to: this.nodeOf(need.capacity) }, fail);
      return;
    }
    this.#list(this.#sectionNeeds, own).push(need);
    for (const waiter of this.#waiters.get(own) ?? []) {
      this.#learn({ ...waiter, needed: need.needed, to: this.nodeOf(need.capacity) }, fail);
    }
  }

  /** A fence was signaled by work that holds a share: whoever signals it needs one. */
  signaledUnder(hold: Hold, fence: Fence, fail: Fail): void {
    const { capacity } = hold;
    if (capacity === undefined) return;
    const need = { capacity, needed: fence.name };
    this.#list(this.#sectionNeeds, fence).push(need);
    for (const waiter of this.#waiters.get(fence) ?? []) {
      // Not its own: nobody waits there any more.
      if (waiter.heldAt !== hold.since) this.#learn({ ...waiter, to: this.nodeOf(capacity) }, fail);
    }
  }

  /** A lock was asked for under a hold. */
  asked(hold: Hold, asked: Hold, event: Event, fail: Fail): void {
    if (!this.#seen || hold.fence !== undefined) return;
    this.#learn({ ...this.#edge(hold, asked.name, event), to: this.#lockNode(asked.name) }, fail);
  }

  /** Every capacity that a fence needs to signal. */
  *#needsOf(fence: Fence, seen: Set<Fence>): Generator<Need> {
    for (const leaf of peekLeaves(fence)) {
      if (leaf.signaled || seen.has(leaf)) continue;
      seen.add(leaf);
      const needs = needsOf(leaf);
      if (needs?.capacity !== undefined) {
        this.#seen = true;
        yield { capacity: needs.capacity, needed: leaf.name };
      }
      for (const on of needs?.on ?? []) if (isDmaFence(on)) yield* this.#needsOf(on as Fence, seen);
    }
  }

  #edge(hold: Hold, needed: string, event: Event): Omit<Edge, 'to'> {
    return {
      from: hold.capacity === undefined ? this.#lockNode(hold.name) : this.nodeOf(hold.capacity),
      held: hold.name,
      needed,
      heldAt: hold.since,
      neededAt: event.trace,
      task: taskOf(event.from),
    };
  }

  #learn(edge: Edge, fail: Fail): void {
    if (this.#graph.has(edge.from, edge.to)) return;
    if (++this.#edges > MANY_EDGES) {
      this.#graph = new Graph();
      this.#edges = 1;
    }
    const cycle = this.#graph.addEdge(edge);
    const capacity = cycle?.find(({ from }) => this.#capacities.has(from))?.from;
    // A circle of locks alone is found where locks are watched.
    if (cycle !== undefined && capacity !== undefined)
      this.#reporter.order(capacityFound(cycle, capacity, !capacity.name.startsWith('slots of ')), fail);
  }

  #lockNode(name: string): Node {
    let node = this.#locks.get(name);
    if (node === undefined) this.#locks.set(name, (node = new Node('lock', name)));
    return node;
  }

  #list<V>(map: WeakMap<DmaFence, V[]>, fence: DmaFence): V[] {
    let list = map.get(fence);
    if (list === undefined) map.set(fence, (list = []));
    return list;
  }
}
