import { FenceError, type FenceErrorCode } from '@dma-fence/core';
import { pauseOf } from './calls.js';
import { delay } from './clock.js';
import type { ClusterTimeline, Known } from './cluster-timeline.js';
import { codeOf, unfit } from './failure.js';
import type { HeldLease } from './home.js';
import {
  canceledWith,
  encode,
  ownerless,
  reached,
  traced,
  type Step,
  type TimelineRecord,
} from './record.js';

/**
 * How an advance is written.
 *
 * @example Together with rows of your own, on PostgreSQL
 * ```ts
 * import type { AdvanceOptions } from '@dma-fence/cluster';
 *
 * const within = (transaction: object): AdvanceOptions => ({ transaction });
 * ```
 */
export interface AdvanceOptions {
  /** A connection of the engine's client on which a transaction has begun; PostgreSQL only. */
  transaction?: object | undefined;
}

/**
 * The signalling side of a cluster timeline; at most one counts, whoever believes to be it. Made by `timeline.own()`.
 *
 * Disposing gives it up: what was said before is written, what is still owed fails with `ECANCELED` everywhere.
 *
 * @example Stop working when nobody would believe it
 * ```ts
 * import { FenceCluster, memory, type TimelineOwner } from '@dma-fence/cluster';
 *
 * await using cluster = await FenceCluster.connect(memory());
 * const frames = await cluster.timeline({ driverName: 'farm', timelineName: 'frames' });
 * await using owner: TimelineOwner = await frames.own();
 * for (let frame = 1; frame <= 3 && !owner.lost.aborted; frame++) {
 *   await owner.advanceTo(frame);
 * }
 * frames.value; // 3
 * ```
 */
export interface TimelineOwner extends AsyncDisposable {
  /**
   * Finishes everything up to `value`. Calls while a write is under way are merged into the next one; errors are kept apart.
   *
   * @param value an integer, not below what was said before.
   * @param error with it, everything newly reached fails, for everybody. Only the code travels.
   * @param options `transaction`: it counts if that commits. The promise then resolves once it is part of the transaction. Commit
   * soon: the timeline stands still meanwhile.
   * @returns a promise that resolves when the engine has acknowledged it; fences of this process have signaled then. It stays pending
   * while the engine cannot be reached. One that is ignored is never an unhandled rejection: `lost` says the same.
   * @throws FenceError `EINVAL` for a value below an earlier one; `ECANCELED` when it does not count, since the ownership was lost
   * or given up; `EIO` when the record is lost; `EOPNOTSUPP` for a transaction on an engine that has none.
   */
  advanceTo(value: number, error?: FenceErrorCode | Error, options?: AdvanceOptions): Promise<void>;
  /** Aborts when the ownership may have ended: stop the work, nothing said later counts. */
  readonly lost: AbortSignal;
  /**
   * Ends the timeline for everybody: everything above its value fails.
   *
   * @param error why; `ECANCELED` by default. Only the code travels.
   * @throws FenceError as `advanceTo`.
   */
  cancel(error?: FenceErrorCode | Error): Promise<void>;
}

/** Who was told "when it is acknowledged": everybody who said something between two writes shares one promise. */
interface Batch {
  readonly promise: Promise<void>;
  upTo: number;
  resolve(): void;
  reject(reason: FenceError): void;
}

const DONE = /* @__PURE__ */ Promise.resolve();

/**
 * One writer, one write at a time. What was said waits in `#steps` until a write with it is known to be in the engine.
 *
 *     advanceTo ─▶ #steps ─▶ compare-and-set ─▶ acknowledged: dropped, signaled here
 *                     ▲           │ refused, or not sure
 *                     └── read: is what we wrote there? are we still the owner? ──▶ no: over
 *
 * A refusal is no verdict: the answer may be lost and the write done. Steps are dropped for one reason only, which is that the
 * record has them.
 */
export class Owner implements TimelineOwner {
  readonly #timeline: ClusterTimeline;
  readonly #held: HeldLease;
  readonly #term: number;
  readonly #lost = new AbortController();
  /** What the engine is known to have had from us, and the version to write on top of. */
  #base: Known;
  /** An older state than `#base` that the engine showed last, if it did: writing on top of it says everything again. */
  #below: TimelineRecord | undefined;
  #steps: Step[] = [];
  #said: number;
  /** No two of our writes have the same number, done or not. */
  #writes: number;
  #batches: Batch[] = [];
  /** The batch that no write has begun for. */
  #open: Batch | undefined;
  /** How it shall end: given up, or canceled with a code. */
  #ending: { readonly code: FenceErrorCode | undefined } | undefined;
  readonly #ended: Promise<FenceError | undefined>;
  #end!: (reason: FenceError | undefined) => void;
  #over: FenceError | undefined;
  #pumping = false;

  constructor(timeline: ClusterTimeline, held: HeldLease, known: Known) {
    this.#timeline = timeline;
    this.#held = held;
    this.#base = known;
    this.#term = known.record.term;
    this.#said = known.record.value;
    this.#writes = known.record.writes;
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    timeline._owner = this;
    timeline._traces.onOffer = () => {
      // With whatever is said in this turn.
      queueMicrotask(() => void this.#pump());
    };
    if (held.lease.lost.aborted) this.#leaseLost();
    else held.onLost.add(this.#leaseLost);
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  advanceTo(value: number, error?: FenceErrorCode | Error, options?: AdvanceOptions): Promise<void> {
    const refusal = this.#refusal('advanceTo');
    if (refusal !== undefined) return Promise.reject(refusal);
    if (!Number.isSafeInteger(value) || value < 0) {
      return Promise.reject(
        unfit(`${this.#name}: what advanceTo() takes`, 'an integer from 0 to 2^53-1', value),
      );
    }
    let code: FenceErrorCode | undefined;
    try {
      code = error === undefined ? undefined : codeOf(`${this.#name}: advanceTo()`, error);
    } catch (unfitting) {
      return Promise.reject(unfitting);
    }
    if (options?.transaction !== undefined) return this.#within(options.transaction, { to: value, code });
    if (value <= this.#said) return this.#saidBefore(value);
    this.#said = value;
    const last = this.#steps.length - 1;
    // One that a write under way has may grow too: what is not in the record stays here.
    if (last >= 0 && this.#steps[last]?.code === code) this.#steps[last] = { to: value, code };
    else this.#steps.push({ to: value, code });
    const batch = (this.#open ??= this.#newBatch());
    batch.upTo = value;
    if (!this.#pumping) void this.#pump();
    return batch.promise;
  }

  async cancel(error: FenceErrorCode | Error = 'ECANCELED'): Promise<void> {
    const code = codeOf(`${this.#name}: cancel()`, error);
    const refusal = this.#refusal('cancel');
    if (refusal !== undefined) throw refusal;
    this.#ending = { code };
    void this.#pump();
    const reason = await this.#ended;
    if (reason !== undefined) throw reason;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#over !== undefined) return;
    this.#ending ??= { code: undefined };
    void this.#pump();
    // Once the lease is over others do it, as for an owner that died.
    await Promise.race([this.#ended, this.#afterLease()]);
  }

  /** Nothing more can be said, for `reason`; undefined: all was said. */
  _finish(reason: FenceError | undefined): void {
    if (this.#over !== undefined) return;
    const timeline = this.#timeline;
    this.#over =
      reason ??
      new FenceError('ECANCELED', `${this.#name}: this owner has ended; own() it again to say more`);
    this.#held.onLost.delete(this.#leaseLost);
    if (timeline._owner === this) {
      timeline._owner = undefined;
      timeline._traces.onOffer = undefined;
    }
    for (const batch of this.#batches.splice(0)) batch.reject(this.#over);
    this.#lost.abort(this.#over);
    this.#end(reason);
  }

  get #name(): string {
    return this.#timeline._name;
  }

  #refusal(call: string): FenceError | undefined {
    const { lost } = this;
    if (lost.aborted) {
      const reason = lost.reason as FenceError;
      const { code, message } = reason;
      return new FenceError(code, `${this.#name}: ${call}() does not count: ${message}`, { cause: reason });
    }
    if (this.#ending === undefined) return undefined;
    return new FenceError(
      'ECANCELED',
      `${this.#name}: ${call}() after it was given up; own() it again to say more`,
    );
  }

  #saidBefore(value: number): Promise<void> {
    if (value < this.#said) {
      return Promise.reject(
        new FenceError(
          'EINVAL',
          `${this.#name}: cannot go back from ${String(this.#said)} to ${String(value)}; values only rise`,
        ),
      );
    }
    return this.#batches.at(-1)?.promise ?? DONE;
  }

  /**
   * Writes within a transaction of the user's. Whether it counts shows later, in the record: until then it is not said, and may be
   * said again.
   */
  async #within(transaction: object, step: Step): Promise<void> {
    const timeline = this.#timeline;
    const { engine } = timeline._home;
    if (engine.transactions !== true) {
      throw new FenceError('EOPNOTSUPP', `${this.#name}: this engine takes no transaction; PostgreSQL does`);
    }
    // In order: what was said before goes first.
    await this.#batches.at(-1)?.promise;
    for (let tries = 0; ; tries++) {
      const refusal = this.#refusal('advanceTo');
      if (refusal !== undefined) throw refusal;
      if (step.to <= this.#said) return this.#saidBefore(step.to);
      const { version, record } = this.#base;
      const next = { ...reached(record, [step]), writes: ++this.#writes };
      if ((await engine.compareAndSet(timeline._key, version, encode(next), transaction)) !== undefined)
        return;
      if (!(await this.#find())) await delay(pauseOf(tries));
    }
  }

  #newBatch(): Batch {
    let resolve!: () => void;
    let reject!: (reason: FenceError) => void;
    const promise = new Promise<void>((yes, no) => {
      resolve = yes;
      reject = no;
    });
    promise.catch(() => undefined);
    const batch = { promise, upTo: 0, resolve, reject };
    this.#batches.push(batch);
    return batch;
  }

  readonly #leaseLost = (): void => {
    if (this.#over !== undefined) return;
    // What was said before may still arrive, if nobody has convicted us until then; after it, we give up ourselves.
    this.#lost.abort(
      new FenceError(
        'ECANCELED',
        `${this.#name}: this process was silent for longer than its lease; own() it again`,
      ),
    );
    this.#ending ??= { code: undefined };
    void this.#pump();
  };

  #afterLease(): Promise<void> {
    const { lease, onLost } = this.#held;
    if (lease.lost.aborted) return DONE;
    return new Promise((resolve) => {
      onLost.add(resolve);
      void this.#ended.then(() => onLost.delete(resolve));
    });
  }

  #hasWork(): boolean {
    if (this.#over !== undefined) return false;
    return (
      this.#steps.length > 0 || this.#ending !== undefined || this.#timeline._traces.pending().length > 0
    );
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    let tries = 0;
    while (this.#hasWork()) {
      if (await this.#write()) tries = 0;
      else if (this.#hasWork()) await delay(pauseOf(tries++));
    }
    this.#pumping = false;
  }

  /** Writes what there is, as far as it goes into one write; returns whether anything became known. */
  async #write(): Promise<boolean> {
    const timeline = this.#timeline;
    const { _home: home, _key: key, _traces: traces } = timeline;
    this.#open = undefined;
    const base = this.#base;
    const taken = traces.pending();
    try {
      const steps = this.#slice();
      const ends = steps.length === 0 ? this.#ending : undefined;
      const content =
        ends === undefined
          ? reached(base.record, steps)
          : ends.code !== undefined
            ? canceledWith(base.record, ends.code)
            : ownerless(base.record, await home.reach(() => home.engine.add(timeline._counter, 0)));
      const next = { ...traced(content, taken), writes: ++this.#writes };
      const version = await home.reach(() => home.engine.compareAndSet(key, base.version, encode(next)));
      if (version !== undefined && this.#over === undefined) {
        traces.written(taken);
        if (this.#below !== undefined) timeline._wentBack(base.record.value, this.#below.value);
        this.#acknowledged({ version, record: next });
        return true;
      }
    } catch {
      // Not sure: the write may be done.
    }
    return this.#find();
  }

  /** A long backlog of errors goes in slices: more in one write than the record has room for would be forgotten unread. */
  #slice(): Step[] {
    let room = this.#base.record.errorSlots;
    const end = this.#steps.findIndex(({ code }) => code !== undefined && room-- === 0);
    return end < 0 ? [...this.#steps] : this.#steps.slice(0, end);
  }

  /** Asks the engine what it has of ours. */
  async #find(): Promise<boolean> {
    const timeline = this.#timeline;
    if (this.#over !== undefined) return true;
    let found: Known;
    try {
      found = await timeline._read();
    } catch {
      // The timeline ends us if its record is lost.
      return false;
    }
    // `_read` may have ended us.
    if ((this.#over as FenceError | undefined) !== undefined) return true;
    const { record } = found;
    const base = this.#base.record;
    const ours = record.owner === this.#held.lease.id && record.term === this.#term;
    if (ours && record.writes >= base.writes) {
      const known = record.writes > base.writes;
      this.#acknowledged(found);
      return known;
    }
    if (record.term > this.#term || (record.term === this.#term && !ours)) {
      this.#convicted(record);
      return true;
    }
    // Older than what we know: an old read, on which no write will succeed; or the engine went back, then one does.
    this.#base = { version: found.version, record: base };
    this.#below = record;
    return false;
  }

  /** The record says that we are not the owner: because we said so ourselves, or because others did. */
  #convicted(record: TimelineRecord): void {
    const { code } = this.#ending ?? {};
    const self =
      this.#ending !== undefined &&
      this.#steps.length === 0 &&
      record.term === this.#term &&
      record.canceled === code;
    this._finish(
      self
        ? undefined
        : new FenceError(
            'ECANCELED',
            `${this.#name}: others took this process for dead; what was not acknowledged failed`,
          ),
    );
  }

  /** The engine has this record, and it is ours. */
  #acknowledged(known: Known): void {
    const timeline = this.#timeline;
    const { record } = known;
    this.#base = known;
    this.#below = undefined;
    this.#writes = Math.max(this.#writes, record.writes);
    this.#steps = this.#steps.filter(({ to }) => to > record.value);
    // A transaction may have said more than we knew.
    this.#said = Math.max(this.#said, record.value);
    timeline._traces.written(record.traces);
    const reached: Batch[] = [];
    while ((this.#batches[0]?.upTo ?? Infinity) <= record.value) reached.push(this.#batches.shift() as Batch);
    if (this.#open !== undefined && !this.#batches.includes(this.#open)) this.#open = undefined;
    const ended = record.owner === undefined;
    // Before its fences signal, so that a callback finds the owner as the record has it.
    if (ended) this._finish(undefined);
    timeline._learn(known);
    for (const batch of reached) batch.resolve();
  }
}
