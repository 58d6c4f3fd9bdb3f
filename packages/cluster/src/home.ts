import { clearTimer, holdProcess, now, setTimer } from './clock.js';
import type { ClusterTimeline } from './cluster-timeline.js';
import type { ClusterEngine, EngineLease } from './engine.js';
import { isFinal, unreached } from './failure.js';

/** How often the leases of owners are asked for, at most and as a part of a lease. */
const LOOKS_MS = 500;
const LOOKS_PART = 10;

interface Followed {
  readonly watch: Disposable;
  checkedAt: number;
}

/** This process's lease, and whoever must hear of its end: one listener, however many timelines are owned. */
export interface HeldLease {
  readonly lease: EngineLease;
  readonly onLost: Set<() => void>;
}

/**
 * What the timelines of one process share: the engine, one lease, one timer.
 *
 * A timeline that somebody waits on is followed: it is watched, and read every `checkMs`, since watches lose things. The owners of
 * followed timelines are asked for, each lease once, however many timelines it owns.
 */
export class Home {
  readonly engine: ClusterEngine;
  readonly leaseMs: number;
  readonly errorSlots: number;
  readonly #checkMs: number;
  readonly #looksMs: number;
  readonly #followed = new Map<ClusterTimeline, Followed>();
  readonly #asked = new Set<string>();
  readonly #forget: (timeline: ClusterTimeline) => void;
  #lease: Promise<HeldLease> | undefined;
  #timer: unknown;
  #awaited = 0;
  #reached = true;
  #closed = false;

  constructor(
    engine: ClusterEngine,
    options: { leaseMs: number; checkMs: number; errorSlots: number },
    forget: (timeline: ClusterTimeline) => void,
  ) {
    this.engine = engine;
    this.leaseMs = options.leaseMs;
    this.errorSlots = options.errorSlots;
    this.#checkMs = options.checkMs;
    this.#looksMs = Math.min(LOOKS_MS, options.checkMs, options.leaseMs / LOOKS_PART);
    this.#forget = forget;
  }

  get connected(): boolean {
    return !this.#closed && (this.engine.connected ?? this.#reached);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Calls the engine, and notes whether it was reached. */
  async reach<T>(call: () => Promise<T>): Promise<T> {
    try {
      const answer = await call();
      this.#reached = true;
      return answer;
    } catch (error) {
      this.#reached = isFinal(error);
      throw error;
    }
  }

  /** The same for a call of the user's: what the engine throws is said in our words. */
  async ask<T>(what: string, call: () => Promise<T>): Promise<T> {
    try {
      return await this.reach(call);
    } catch (error) {
      throw unreached(what, error);
    }
  }

  /** This process's lease; taken when somebody first owns something, and again after it was lost. */
  lease(): Promise<HeldLease> {
    const taken = (this.#lease ??= this.#takeLease());
    taken.catch(() => {
      if (this.#lease === taken) this.#lease = undefined;
    });
    return taken;
  }

  async #takeLease(): Promise<HeldLease> {
    const lease = await this.engine.lease(this.leaseMs);
    const held: HeldLease = { lease, onLost: new Set() };
    const lost = (): void => {
      this.#lease = undefined;
      for (const tell of [...held.onLost]) tell();
    };
    lease.lost.addEventListener('abort', lost, { once: true });
    return held;
  }

  /** Somebody wants to know: watch first, then read, so that nothing falls between. */
  follow(timeline: ClusterTimeline): void {
    if (this.#closed || this.#followed.has(timeline)) return;
    const watch = this.engine.watch(timeline._key, timeline._changed);
    this.#followed.set(timeline, { watch, checkedAt: now() });
    timeline._look();
    this.#timer ??= setTimer(this.#tick, this.#looksMs, this.#awaited > 0);
  }

  /** Nobody wants to know any more. */
  rest(timeline: ClusterTimeline): void {
    const followed = this.#followed.get(timeline);
    if (followed === undefined) return;
    this.#followed.delete(timeline);
    followed.watch[Symbol.dispose]();
  }

  /** A read did not come through: it is tried again soon, until one does. */
  missed(timeline: ClusterTimeline): void {
    const followed = this.#followed.get(timeline);
    if (followed !== undefined) followed.checkedAt = -Infinity;
  }

  /** The timeline is over in this process. */
  forget(timeline: ClusterTimeline): void {
    this.rest(timeline);
    this.#forget(timeline);
  }

  /** How many fences are awaited: the process stays as long as there are any. */
  awaiting(change: 1 | -1): void {
    this.#awaited += change;
    if (this.#timer !== undefined) holdProcess(this.#timer, this.#awaited > 0);
  }

  warn(message: string): void {
    console.warn(message);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimer(this.#timer);
    this.#timer = undefined;
    const held = await this.#lease?.catch(() => undefined);
    await held?.lease[Symbol.asyncDispose]();
    await this.engine[Symbol.asyncDispose]?.();
  }

  readonly #tick = (): void => {
    this.#timer = undefined;
    const time = now();
    const owners = new Map<string, ClusterTimeline[]>();
    for (const [timeline, followed] of this.#followed) {
      if (time - followed.checkedAt >= this.#checkMs) {
        followed.checkedAt = time;
        timeline._look();
      }
      const owner = timeline._known.record.owner;
      if (owner === undefined || timeline._owner !== undefined) continue;
      const owned = owners.get(owner);
      if (owned === undefined) owners.set(owner, [timeline]);
      else owned.push(timeline);
    }
    for (const [lease, timelines] of owners) void this.#askFor(lease, timelines);
    if (this.#followed.size > 0 && !this.#closed) {
      this.#timer = setTimer(this.#tick, this.#looksMs, this.#awaited > 0);
    }
  };

  async #askFor(lease: string, timelines: readonly ClusterTimeline[]): Promise<void> {
    if (this.#asked.has(lease)) return;
    this.#asked.add(lease);
    try {
      if (await this.reach(() => this.engine.alive(lease))) return;
      for (const timeline of timelines) await timeline._convict(lease);
    } catch {
      // Not reached, or refused: the next look asks again.
    } finally {
      this.#asked.delete(lease);
    }
  }
}
