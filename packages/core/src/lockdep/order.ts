import type { DmaFenceContext } from '../fence/context.js';
import type { DmaFence } from '../fence/dma-fence.js';
import { cycleFound, takenAgain, type Found } from './findings.js';
import { Graph, Node, type Edge } from './graph.js';
import type { Hold } from './hold.js';

/** How many pairs of locks of one class are remembered before their learning begins anew. */
const MANY_PAIRS = 2_000;

/** How many contexts are remembered, with `fenceClasses: 'context'`: a program may make one for each request it answers. */
const MANY_CONTEXTS = 512;

/** What is learnt of locks and fences: which class was held while which was needed. */
export class LockOrder {
  /** All fences, as in the kernel; with a class for each context, those that no section names. */
  readonly anyFence: Node = new Node('fence', 'any fence');
  readonly #byContext: boolean;
  readonly #locks = new Map<string, Node>();
  readonly #contexts = new WeakMap<DmaFenceContext, Node>();
  /** The classes of contexts of which anything is known, the one that was met longest ago first. */
  readonly #recent = new Set<Node>();
  readonly #classes: Graph;
  /** Locks of one class among each other, by the lock. */
  #same = new Graph();
  #pairs = 0;
  readonly #instances = new WeakMap<object, Node>();
  #count = 0;

  constructor(fenceClasses: 'one' | 'context') {
    this.#byContext = fenceClasses === 'context';
    this.#classes = new Graph(this.#byContext ? this.anyFence : undefined);
  }

  lockNode(name: string): Node {
    let node = this.#locks.get(name);
    if (node === undefined) this.#locks.set(name, (node = new Node('lock', name)));
    return node;
  }

  fenceNode({ context }: Pick<DmaFence, 'context'>): Node {
    if (!this.#byContext) return this.anyFence;
    let node = this.#contexts.get(context);
    if (node === undefined) {
      node = new Node('fence', `${context.driverName}:${context.timelineName}:${String(context.id)}`);
      this.#contexts.set(context, node);
    }
    this.#met(node);
    return node;
  }

  /** Keeps what is known of a context; of too many, the one that was met longest ago is forgotten. */
  #met(node: Node): void {
    this.#recent.delete(node);
    this.#recent.add(node);
    if (this.#recent.size <= MANY_CONTEXTS) return;
    const [oldest] = this.#recent as Iterable<Node> as [Node];
    this.#recent.delete(oldest);
    this.#classes.remove(oldest);
  }

  /** Whether that was learnt before. */
  knows(from: Node, to: Node): boolean {
    return this.#classes.has(from, to);
  }

  /** Learns that one class was held while another was needed; answers what is wrong with that. */
  learn(edge: Edge): Found | undefined {
    if (edge.from === edge.to || this.#classes.has(edge.from, edge.to)) return undefined;
    const cycle = this.#classes.addEdge(edge);
    return cycle === undefined ? undefined : cycleFound(cycle);
  }

  /** Learns that a lock was held while a lock was asked for; two locks of one class have an order too. */
  learnLocks(held: Hold, asked: Hold, edge: Edge): Found | undefined {
    if (held.transaction !== undefined && held.transaction === asked.transaction) return undefined;
    if (held.node !== asked.node) return this.learn(edge);
    if (held.lock === asked.lock) return takenAgain(edge);
    if (held.lock === undefined || asked.lock === undefined) return undefined;
    const [from, to] = [this.#instance(held.lock, held.name), this.#instance(asked.lock, asked.name)];
    if (this.#same.has(from, to)) return undefined;
    if (++this.#pairs > MANY_PAIRS) {
      this.#same = new Graph();
      this.#pairs = 1;
    }
    const cycle = this.#same.addEdge({ ...edge, from, to, held: from.name, needed: to.name });
    return cycle === undefined ? undefined : cycleFound(cycle, held.node.name);
  }

  #instance(lock: object, name: string): Node {
    let node = this.#instances.get(lock);
    if (node === undefined) {
      node = new Node('lock', `${name} #${String(++this.#count)}`);
      this.#instances.set(lock, node);
    }
    return node;
  }
}
