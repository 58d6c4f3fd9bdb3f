import { clearTimer, now, setTimer } from '../clock.js';
import type { ClusterEngine, EngineLease, Version, Versioned } from '../engine.js';
import { Heart } from '../heart.js';

/**
 * A call of an engine, as it is about to be made.
 *
 * @example Only writes fail
 * ```ts
 * import { memory } from '@dma-fence/cluster';
 * import { faulty, type EngineCall } from '@dma-fence/cluster/testing';
 *
 * const isWrite = ({ method }: EngineCall): boolean => method === 'compareAndSet';
 * faulty(memory(), (call) => (isWrite(call) ? 'unreachable' : undefined));
 * ```
 */
export interface EngineCall {
  /** Which method; `beat` is a lease's sign of life, `changed` is a watch that is about to tell something. */
  readonly method: 'read' | 'compareAndSet' | 'add' | 'watch' | 'lease' | 'beat' | 'alive' | 'changed';
  /** The key, or the lease. */
  readonly key: string;
  /** Counts the calls of this engine, from 1. */
  readonly number: number;
}

/**
 * What goes wrong with a call: it does not reach the server (`unreachable`); it is done and the answer is lost (`unanswered`); a
 * write is refused without a reason (`refused`), or done and the engine not sure (`unsure`); a read gives the state before (`old`); a
 * live lease is said to be dead (`accused`); a watch loses what it had to tell (`lost`).
 *
 * @example A write whose answer is lost
 * ```ts
 * import type { EngineFault } from '@dma-fence/cluster/testing';
 *
 * const fault: EngineFault = 'unanswered';
 * ```
 */
export type EngineFault = 'unreachable' | 'unanswered' | 'refused' | 'unsure' | 'old' | 'accused' | 'lost';

/**
 * An engine whose calls go wrong where you say so: one process's end of the engine below it.
 *
 * @param engine the real one; several faulty ends may share it.
 * @param decide is asked before each call; `undefined` lets it through.
 * @returns an engine for one cluster.
 *
 * @example The answer to the second write is lost
 * ```ts
 * import { FenceCluster, memory } from '@dma-fence/cluster';
 * import { faulty } from '@dma-fence/cluster/testing';
 *
 * let writes = 0;
 * const engine = faulty(memory(), ({ method }) =>
 *   method === 'compareAndSet' && ++writes === 2 ? 'unanswered' : undefined,
 * );
 * await using cluster = await FenceCluster.connect(engine);
 * const frames = await cluster.timeline({ driverName: 'farm', timelineName: 'frames' });
 * await using owner = await frames.own(); // the second write: asked again, found done
 * await owner.advanceTo(1);
 * frames.value; // 1
 * ```
 */
export function faulty(
  engine: ClusterEngine,
  decide: (call: EngineCall) => EngineFault | undefined,
): ClusterEngine {
  return new FaultyEngine(engine, decide);
}

class FaultyEngine implements ClusterEngine {
  readonly #engine: ClusterEngine;
  readonly #decide: (call: EngineCall) => EngineFault | undefined;
  /** The state before the newest one that went through here, by key. */
  readonly #newest = new Map<string, Versioned | undefined>();
  readonly #before = new Map<string, Versioned | undefined>();
  #calls = 0;

  constructor(engine: ClusterEngine, decide: (call: EngineCall) => EngineFault | undefined) {
    this.#engine = engine;
    this.#decide = decide;
  }

  get promise(): ClusterEngine['promise'] {
    return this.#engine.promise;
  }

  async read(key: string): Promise<Versioned | undefined> {
    const fault = this.#fault('read', key);
    const state = await this.#through(fault, () => this.#engine.read(key));
    if (state?.version !== this.#newest.get(key)?.version) {
      this.#before.set(key, this.#newest.get(key));
      this.#newest.set(key, state);
    }
    return fault === 'old' ? this.#before.get(key) : state;
  }

  async compareAndSet(
    key: string,
    from: Version | undefined,
    data: Uint8Array,
  ): Promise<Version | undefined> {
    const fault = this.#fault('compareAndSet', key);
    if (fault === 'refused') return undefined;
    const version = await this.#through(fault, () => this.#engine.compareAndSet(key, from, data));
    return fault === 'unsure' ? undefined : version;
  }

  add(key: string, count: number): Promise<number> {
    return this.#through(this.#fault('add', key), () => this.#engine.add(key, count));
  }

  watch(key: string, changed: (state?: Versioned) => void): Disposable {
    if (this.#fault('watch', key) === 'lost') return { [Symbol.dispose]: () => undefined };
    return this.#engine.watch(key, (state) => {
      if (this.#fault('changed', key) !== 'lost') changed(state);
    });
  }

  async lease(ms: number): Promise<EngineLease> {
    const lease = await this.#through(this.#fault('lease', ''), () => this.#engine.lease(ms));
    return new FaultyLease(lease, ms, () =>
      this.#through(this.#fault('beat', lease.id), () => this.#engine.alive(lease.id)),
    );
  }

  async alive(lease: string): Promise<boolean> {
    const fault = this.#fault('alive', lease);
    const alive = await this.#through(fault, () => this.#engine.alive(lease));
    return fault === 'accused' ? false : alive;
  }

  #fault(method: EngineCall['method'], key: string): EngineFault | undefined {
    return this.#decide({ method, key, number: ++this.#calls });
  }

  async #through<T>(fault: EngineFault | undefined, call: () => Promise<T>): Promise<T> {
    if (fault === 'unreachable') throw new Error('the server cannot be reached');
    const answer = await call();
    if (fault === 'unanswered') throw new Error('the answer was lost');
    return answer;
  }
}

/** A lease whose beats can fail: the one below it ends when they do, as a server's would. */
class FaultyLease implements EngineLease {
  readonly #lease: EngineLease;
  readonly #ms: number;
  readonly #heart: Heart;
  #beatenAt = now();
  #timer: unknown;

  constructor(lease: EngineLease, ms: number, beat: () => Promise<boolean>) {
    this.#lease = lease;
    this.#ms = ms;
    this.#heart = new Heart(lease.id, ms, now(), {
      beat: async () => {
        const sent = now();
        const alive = await beat();
        this.#beatenAt = sent;
        return alive;
      },
      end: () => Promise.resolve(),
    });
    this.#timer = setTimer(this.#expire, ms);
  }

  get id(): string {
    return this.#lease.id;
  }

  get lost(): AbortSignal {
    return this.#heart.lost;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimer(this.#timer);
    await this.#heart[Symbol.asyncDispose]();
    await this.#lease[Symbol.asyncDispose]();
  }

  readonly #expire = (): void => {
    const left = this.#beatenAt + this.#ms - now();
    if (left > 0) this.#timer = setTimer(this.#expire, left);
    else void this.#lease[Symbol.asyncDispose]();
  };
}
