import { FenceError } from '@dma-fence/core';
import { untilDone } from './calls.js';
import { randomName } from './clock.js';
import { ClusterTimeline } from './cluster-timeline.js';
import type { ClusterEngine, EnginePromise } from './engine.js';
import { unfit, unreached } from './failure.js';
import { Home } from './home.js';
import { checkOptions, keyOf, type TimelineNames } from './names.js';
import { decode, encode, newRecord } from './record.js';

/**
 * How a process takes part.
 *
 * @example Notice a dead owner sooner
 * ```ts
 * import { FenceCluster, memory, type FenceClusterOptions } from '@dma-fence/cluster';
 *
 * const options: FenceClusterOptions = { leaseMs: 2000 };
 * await using cluster = await FenceCluster.connect(memory(), options);
 * ```
 */
export interface FenceClusterOptions {
  /** How long this process may be silent before what it owes fails, in ms; at least 2,000, and 5,000 by default (15,000 on Redis). */
  leaseMs?: number | undefined;
  /** How often the truth is read while somebody waits, in ms; at least 100, and 2,000 by default. */
  checkMs?: number | undefined;
  /** How many runs of failed values a timeline that is made here remembers; 1 to 65,536, and 64 by default. */
  errorSlots?: number | undefined;
}

/**
 * A process's way to the others: one connection and one lease, however many timelines.
 *
 * @example The same number, seen by two processes
 * ```ts
 * import { FenceCluster, memory } from '@dma-fence/cluster';
 *
 * await using cluster = await FenceCluster.connect(memory()); // one process; for more: nats(), postgres(), redis()
 * const frames = await cluster.timeline({ driverName: 'farm', timelineName: 'frames' });
 * await using owner = await frames.own();
 * using fence = frames.fenceAt(await frames.reserve());
 * await owner.advanceTo(1);
 * fence.signaled; // true
 * ```
 */
export class FenceCluster implements AsyncDisposable {
  readonly #home: Home;
  readonly #timelines = new Map<string, Promise<ClusterTimeline>>();

  private constructor(
    engine: ClusterEngine,
    options: { leaseMs: number; checkMs: number; errorSlots: number },
  ) {
    this.#home = new Home(engine, options, (timeline) => {
      this.#timelines.delete(timeline._key);
    });
  }

  /**
   * Connects this process.
   *
   * @param engine who keeps the timelines; the cluster closes it when it is disposed of.
   * @param options how long a silence may last, how often to look.
   * @throws FenceError `EINVAL` for bad arguments; `EOPNOTSUPP` when the server cannot keep the engine's promise; `EAGAIN` when it
   * cannot be reached.
   */
  static async connect(engine: ClusterEngine, options: FenceClusterOptions = {}): Promise<FenceCluster> {
    if (typeof (engine as Partial<ClusterEngine> | null | undefined)?.compareAndSet !== 'function') {
      throw unfit('FenceCluster.connect(): engine', 'an engine, such as memory()', engine);
    }
    checkOptions('FenceCluster.connect()', options, ['leaseMs', 'checkMs', 'errorSlots']);
    const { leaseMs, checkMs = 2000, errorSlots = 64 } = options;
    checkRange('leaseMs', leaseMs ?? 5000, 2000, 2 ** 31 - 1);
    checkRange('checkMs', checkMs, 100, 2 ** 31 - 1);
    checkRange('errorSlots', errorSlots, 1, 65_536);
    try {
      await engine.open?.();
    } catch (error) {
      throw unreached('FenceCluster.connect()', error);
    }
    // Only now does the engine know what it can promise: a lease must outlive the fail-over of a primary.
    const lease = leaseMs ?? (engine.promise === 'primary' ? 15_000 : 5000);
    const cluster = new FenceCluster(engine, { leaseMs: lease, checkMs, errorSlots });
    return cluster;
  }

  /** What an acknowledgement survives: the loss of a minority of the servers, of no server, of nothing. */
  get promise(): EnginePromise {
    return this.#home.engine.promise;
  }

  /** Whether the engine was there when it was last asked; a hint. A lost connection decides no fence. */
  get connected(): boolean {
    return this.#home.connected;
  }

  /**
   * Attaches to a timeline, or makes it. The same names give the same timeline in every process.
   *
   * @param names its two names.
   * @returns one object for one timeline in this process; dispose of it as often as it was asked for.
   * @throws FenceError `EINVAL` for bad names, and where the key holds something else; `EAGAIN` when the engine gives no answer.
   */
  async timeline(names: TimelineNames): Promise<ClusterTimeline> {
    checkOptions('cluster.timeline()', names, ['driverName', 'timelineName']);
    const { driverName, timelineName } = names;
    checkName('driverName', driverName);
    checkName('timelineName', timelineName);
    if (this.#home.closed) {
      throw new FenceError(
        'ECANCELED',
        'cluster.timeline() after the cluster was disposed of; connect again',
      );
    }
    const key = keyOf(names);
    let found = this.#timelines.get(key);
    if (found === undefined) {
      found = this.#attach({ driverName, timelineName }, key);
      this.#timelines.set(key, found);
      found.catch(() => {
        this.#timelines.delete(key);
      });
    }
    const timeline = await found;
    timeline._uses++;
    return timeline;
  }

  /** Gives everything up: what this process owes fails with `ECANCELED` for everybody, what it waits for fails here. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#home.closed) return;
    const timelines = await Promise.allSettled(this.#timelines.values());
    await Promise.all(
      timelines.map(async (settled) => {
        if (settled.status === 'fulfilled') await settled.value._leave();
      }),
    );
    await this.#home.close();
  }

  async #attach(names: TimelineNames, key: string): Promise<ClusterTimeline> {
    const home = this.#home;
    const { engine, errorSlots } = home;
    return untilDone(
      `cluster.timeline() of ${names.driverName}:${names.timelineName}`,
      home.leaseMs,
      async () => {
        const state = await home.reach(() => engine.read(key));
        if (state !== undefined) {
          const record = decode(state.data);
          if (record === undefined) {
            throw new FenceError(
              'EINVAL',
              `cluster.timeline(): the key ${key} holds what no timeline has written`,
            );
          }
          return new ClusterTimeline(home, names, key, { version: state.version, record });
        }
        const record = newRecord(randomName(), errorSlots);
        const version = await home.reach(() => engine.compareAndSet(key, undefined, encode(record)));
        // Refused: another process was first, or the answer was lost. The next read tells.
        return version === undefined ? undefined : new ClusterTimeline(home, names, key, { version, record });
      },
    );
  }
}

function checkRange(what: string, value: number, least: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw unfit(
    `FenceCluster.connect(): ${what}`,
    `an integer from ${String(least)} to ${String(most)}`,
    value,
  );
}

/** Core says it too, but only once the record is made. */
function checkName(what: string, name: unknown): void {
  if (typeof name === 'string' && name !== '' && !/[:\u0000-\u001f\u007f-\u009f]/.test(name)) return;
  throw unfit(`cluster.timeline(): ${what}`, "a string, not empty, without ':' and control characters", name);
}
