/**
 * What names one state of a key; opaque, made by the engine. A version never names two states, whatever is deleted in between.
 *
 * @example An engine of one's own counts
 * ```ts
 * import type { Version } from '@dma-fence/cluster';
 *
 * const first: Version = 1;
 * ```
 */
export type Version = string | number | bigint;

/**
 * A key's data, and the version that names this state.
 *
 * @example What a read returns
 * ```ts
 * import type { Versioned } from '@dma-fence/cluster';
 *
 * const found: Versioned = { version: 7, data: new Uint8Array() };
 * ```
 */
export interface Versioned {
  /** Names this state in `compareAndSet`. */
  readonly version: Version;
  /** What was stored. */
  readonly data: Uint8Array;
}

/**
 * What an acknowledgement survives: the loss of a minority of the servers (`quorum`), of no server (`primary`: a fail-over may
 * take acknowledged writes back), of nothing (`process`).
 *
 * @example Ask before you rely on it
 * ```ts
 * import { FenceCluster, memory, type EnginePromise } from '@dma-fence/cluster';
 *
 * await using cluster = await FenceCluster.connect(memory());
 * const promise: EnginePromise = cluster.promise; // 'process'
 * ```
 */
export type EnginePromise = 'quorum' | 'primary' | 'process';

/**
 * A process's sign of life. Others ask the engine whether it is alive, by its name.
 *
 * @example Stop when it may have ended
 * ```ts
 * import { memory } from '@dma-fence/cluster';
 *
 * await using lease = await memory().lease(5000);
 * lease.lost.aborted; // false
 * ```
 */
export interface EngineLease extends AsyncDisposable {
  /** What `alive` is asked with; unique for ever. */
  readonly id: string;
  /** Aborts when the lease may have ended: at the latest when `alive` could answer false. */
  readonly lost: AbortSignal;
}

/**
 * What an engine must do. Everything else is written once, above it.
 *
 * A call that cannot reach the server rejects within a few seconds; it never hangs.
 *
 * @example The engine that needs no server
 * ```ts
 * import { FenceCluster, memory, type ClusterEngine } from '@dma-fence/cluster';
 *
 * const engine: ClusterEngine = memory();
 * await using cluster = await FenceCluster.connect(engine);
 * ```
 */
export interface ClusterEngine {
  /** What an acknowledgement survives. */
  readonly promise: EnginePromise;
  /** Whether the engine believes that it is connected; a hint. Without it, the last call's outcome is taken. */
  readonly connected?: boolean;
  /** Connects, and checks that the server can keep `promise`: rejects with `EOPNOTSUPP` if it cannot. Called once, first. */
  open?(): Promise<void>;
  /** Reads a key. May be old, must not be torn. */
  read(key: string): Promise<Versioned | undefined>;
  /**
   * Stores `data` if the key is still at `from`; `undefined` stands for a key that is not there.
   *
   * @param within a transaction of the user's, for engines that have such: the write counts if that commits.
   * @returns the new version; undefined when it was refused, or when the engine is not sure.
   */
  compareAndSet(
    key: string,
    from: Version | undefined,
    data: Uint8Array,
    within?: object,
  ): Promise<Version | undefined>;
  /** Whether `compareAndSet` takes a transaction. */
  readonly transactions?: boolean;
  /** Adds to a counter of its own, which begins at 0. Returns the new sum; a lost answer may have counted. */
  add(key: string, count: number): Promise<number>;
  /** Calls `changed` with a new state, or without one after anything may have been missed. A hint: it may skip, repeat and lose. */
  watch(key: string, changed: (state?: Versioned) => void): Disposable;
  /** Begins this process's sign of life, which ends by itself when the process has been silent for `ms`. */
  lease(ms: number): Promise<EngineLease>;
  /** Whether a lease is alive. False accuses; only a `compareAndSet` convicts. */
  alive(lease: string): Promise<boolean>;
  /** Gives the connection back. */
  [Symbol.asyncDispose]?(): Promise<void>;
}
