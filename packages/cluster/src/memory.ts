import { now, randomName } from './clock.js';
import type { ClusterEngine, Version, Versioned } from './engine.js';
import { Heart } from './heart.js';

/**
 * The engine that needs no server: one process, in which several clusters can meet. For tests, and to begin with.
 *
 * Clusters that shall see each other connect to the same engine. An acknowledgement survives nothing but them (`promise: 'process'`).
 *
 * @returns an engine with nothing in it.
 *
 * @example Two clusters of one process
 * ```ts
 * import { FenceCluster, memory } from '@dma-fence/cluster';
 *
 * const engine = memory();
 * await using farm = await FenceCluster.connect(engine);
 * await using office = await FenceCluster.connect(engine);
 * const names = { driverName: 'farm', timelineName: 'frames' };
 * await using owner = await (await farm.timeline(names)).own();
 * const seen = await office.timeline(names);
 * using fence = seen.fenceAt(1);
 * await owner.advanceTo(1);
 * await fence.wait();
 * ```
 */
export function memory(): ClusterEngine {
  return new MemoryEngine();
}

class MemoryEngine implements ClusterEngine {
  readonly promise = 'process';
  readonly connected = true;
  readonly #states = new Map<string, Versioned>();
  readonly #counters = new Map<string, number>();
  readonly #watches = new Map<string, Set<(state?: Versioned) => void>>();
  /** Until when each lease is alive. */
  readonly #leases = new Map<string, number>();
  #versions = 0;

  read(key: string): Promise<Versioned | undefined> {
    return Promise.resolve(this.#states.get(key));
  }

  compareAndSet(key: string, from: Version | undefined, data: Uint8Array): Promise<Version | undefined> {
    if (this.#states.get(key)?.version !== from) return Promise.resolve(undefined);
    const state = { version: ++this.#versions, data };
    this.#states.set(key, state);
    for (const changed of this.#watches.get(key) ?? []) {
      queueMicrotask(() => {
        if (this.#watches.get(key)?.has(changed) === true) changed(state);
      });
    }
    return Promise.resolve(state.version);
  }

  add(key: string, count: number): Promise<number> {
    const sum = (this.#counters.get(key) ?? 0) + count;
    this.#counters.set(key, sum);
    return Promise.resolve(sum);
  }

  watch(key: string, changed: (state?: Versioned) => void): Disposable {
    const watches = this.#watches.get(key) ?? new Set();
    this.#watches.set(key, watches);
    // Each watch is one entry, also if the same function watches twice.
    const entry = (state?: Versioned): void => {
      changed(state);
    };
    watches.add(entry);
    return {
      [Symbol.dispose]: () => {
        watches.delete(entry);
        if (watches.size === 0 && this.#watches.get(key) === watches) this.#watches.delete(key);
      },
    };
  }

  lease(ms: number): Promise<Heart> {
    const id = randomName();
    const begun = now();
    this.#leases.set(id, begun + ms);
    const heart = new Heart(id, ms, begun, {
      beat: () => {
        const alive = this.#isAlive(id);
        if (alive) this.#leases.set(id, now() + ms);
        return Promise.resolve(alive);
      },
      end: () => {
        this.#leases.delete(id);
        return Promise.resolve();
      },
    });
    return Promise.resolve(heart);
  }

  alive(lease: string): Promise<boolean> {
    return Promise.resolve(this.#isAlive(lease));
  }

  #isAlive(lease: string): boolean {
    const alive = now() < (this.#leases.get(lease) ?? -Infinity);
    if (!alive) this.#leases.delete(lease);
    return alive;
  }
}
