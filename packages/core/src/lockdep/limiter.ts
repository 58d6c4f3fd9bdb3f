import type { Capacity } from '../producer/capacity.js';
import type { Checker } from './checker.js';
import { forward, type Active, type Method } from './forward.js';

type Work = (...args: unknown[]) => unknown;

/** How a limiter is watched: its work holds a slot while it runs, and whoever awaits a result needs one. */
export class Limiter {
  readonly #capacity: Capacity;
  readonly #name: string;
  readonly #active: Active;

  constructor(capacity: Capacity, name: string, active: Active) {
    this.#capacity = capacity;
    this.#name = name;
    this.#active = active;
  }

  /** Work that holds a slot while it runs. */
  holding(checker: Checker, work: unknown): unknown {
    if (typeof work !== 'function') return work;
    const capacity = this.#capacity;
    return (...args: unknown[]): unknown => checker.locks.runHolding(capacity, () => (work as Work)(...args));
  }

  /** A call that takes work, the first function among its arguments, and answers a promise for its result. */
  taking(call: Method): Method {
    return (...args) => {
      const checker = this.#active();
      if (checker === undefined) return call(...args);
      const at = args.findIndex((arg) => typeof arg === 'function');
      const given = args.map((arg, i) => (i === at ? this.holding(checker, arg) : arg));
      return this.#awaited(checker, 'work of', call(...given));
    };
  }

  /** The same for a list of work. */
  takingAll(call: Method): Method {
    return (list, ...args) => {
      const checker = this.#active();
      if (checker === undefined) return call(list, ...args);
      const works = Array.from(list as Iterable<unknown>, (work) => this.holding(checker, work));
      return this.#awaited(checker, 'work of', call(works, ...args));
    };
  }

  /** A call that waits for others to give their slots back. */
  waiting(call: Method, what: string): Method {
    return (...args) => {
      const checker = this.#active();
      return checker === undefined ? call(...args) : this.#awaited(checker, `${what} of`, call(...args));
    };
  }

  #awaited(checker: Checker, what: string, result: unknown): unknown {
    return result instanceof Promise
      ? checker.needsWhereAwaited(this.#capacity, `${what} ${this.#name}`, result)
      : result;
  }
}

/** A function that runs functions, so many at a time: `p-limit`, `throat`. */
export function wrapLimit<L extends object>(limit: L, limiter: Limiter): L {
  const map = (limit as { map?: Method }).map;
  return forward(
    limit,
    map === undefined ? {} : { map: limiter.taking((...args) => map.apply(limit, args)) },
    limiter.taking(limit as unknown as Method),
  );
}

/** A queue that runs what it is given, so many at a time: `p-queue`, `bottleneck`. */
export function wrapQueue<Q extends object>(queue: Q, limiter: Limiter): Q {
  const replaced: Record<string, Method> = {};
  const replace = (name: string, by: (call: Method) => Method): void => {
    const method = (queue as Record<string, unknown>)[name];
    if (typeof method === 'function') {
      replaced[name] = by((...args) => (method as Method).apply(queue, args));
    }
  };
  for (const name of ['add', 'schedule']) replace(name, (call) => limiter.taking(call));
  replace('addAll', (call) => limiter.takingAll(call));
  for (const name of ['onIdle', 'onEmpty', 'onSizeLessThan', 'onPendingZero']) {
    replace(name, (call) => limiter.waiting(call, `${name}()`));
  }
  return forward(queue, replaced);
}
