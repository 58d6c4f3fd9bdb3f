import type { Trace } from './trace.js';

/** A class of locks, or of fences: what may wait for what is learnt of classes, not of single objects. */
export class Node {
  readonly kind: 'lock' | 'fence';
  readonly name: string;

  constructor(kind: 'lock' | 'fence', name: string) {
    this.kind = kind;
    this.name = name;
  }
}

/** "`from` was held while `to` was needed": how it was first seen. */
export interface Edge {
  readonly from: Node;
  readonly to: Node;
  /** The very lock or fence on either side. */
  readonly held: string;
  readonly needed: string;
  readonly heldAt: Trace | undefined;
  readonly neededAt: Trace;
  readonly task: string | undefined;
  /** A fence was signaled while that lock was held, or after it was, at `heldAt`: whoever signals it has to take the lock first. */
  readonly under?: 'held' | 'before';
  /** It was seen in another thread. */
  readonly elsewhere?: true;
}

/** Which class was held while which was needed; a cycle in it is a deadlock that waits for its schedule. */
export class Graph {
  readonly #edges = new Map<Node, Map<Node, Edge>>();
  /** The class of the fences that no section names, see `addEdge`. */
  readonly #anyFence: Node | undefined;

  constructor(anyFence?: Node) {
    this.#anyFence = anyFence;
  }

  has(from: Node, to: Node): boolean {
    return this.#edges.get(from)?.has(to) === true;
  }

  /** Adds an edge that is not there, and answers the shortest cycle that it closes, beginning with it. */
  addEdge(edge: Edge): Edge[] | undefined {
    // Kept as long as the validator is on: what the functions on those stacks hold must not be.
    edge.heldAt?.read();
    edge.neededAt.read();
    let edges = this.#edges.get(edge.from);
    if (edges === undefined) this.#edges.set(edge.from, (edges = new Map<Node, Edge>()));
    edges.set(edge.to, edge);
    const way = this.#wayBack(edge);
    return way === undefined ? undefined : [edge, ...way];
  }

  /** Forgets a class, and all that was learnt of it. */
  remove(node: Node): void {
    this.#edges.delete(node);
    for (const edges of this.#edges.values()) edges.delete(node);
  }

  #wayBack(edge: Edge): Edge[] | undefined {
    if (this.#meets(edge.to, edge.from)) return [];
    const cameBy = new Map<Node, Arrival>();
    const queue = [edge.to];
    const seen = new Set(queue);
    for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
      for (const next of this.#from(node)) {
        if (seen.has(next.to)) continue;
        seen.add(next.to);
        cameBy.set(next.to, { edge: next, node });
        if (this.#meets(next.to, edge.from)) return unwind(cameBy, next.to);
        queue.push(next.to);
      }
    }
    return undefined;
  }

  /** A free section may be the one that signals any fence: whoever needs one fence may depend on it. */
  #meets(needed: Node, held: Node): boolean {
    return needed === held || (held === this.#anyFence && needed.kind === 'fence');
  }

  *#from(node: Node): Iterable<Edge> {
    yield* this.#edges.get(node)?.values() ?? [];
    if (node.kind === 'fence' && this.#anyFence !== undefined && node !== this.#anyFence) {
      yield* this.#edges.get(this.#anyFence)?.values() ?? [];
    }
  }
}

/** How the search came to a node: by which edge, from which node (a free section's edge begins at any fence). */
interface Arrival {
  readonly edge: Edge;
  readonly node: Node;
}

function unwind(cameBy: ReadonlyMap<Node, Arrival>, end: Node): Edge[] {
  const way: Edge[] = [];
  for (let at = cameBy.get(end); at !== undefined; at = cameBy.get(at.node)) way.unshift(at.edge);
  return way;
}
