import { FenceError, FenceTimeline, type DmaFence, type DmaFenceContext } from '@dma-fence/core';
import type { Version, Versioned } from './engine.js';
import { untilDone } from './calls.js';
import { randomName } from './clock.js';
import { inWords, unfit } from './failure.js';
import type { Home } from './home.js';
import { claim } from './claim.js';
import type { Owner, TimelineOwner } from './owner.js';
import { decode, encode, newRecord, ownerless, resultOf, stepsAbove, type TimelineRecord } from './record.js';
import { Traces } from './traces.js';

/** A record and the version under which the engine has it. */
export interface Known {
  readonly version: Version;
  readonly record: TimelineRecord;
}

/**
 * This process's end of a timeline that many processes see. Made by `cluster.timeline()`.
 *
 * Its fences are ordinary ones: callbacks, `wait`, arrays, merges and reservations take them. They are brought up to date while
 * somebody waits or hung a callback on one, and by `refresh()`.
 *
 * @example Submit on one machine, wait on another
 * ```ts
 * import { FenceCluster, memory, type ClusterTimeline } from '@dma-fence/cluster';
 *
 * await using cluster = await FenceCluster.connect(memory());
 * const frames: ClusterTimeline = await cluster.timeline({ driverName: 'farm', timelineName: 'frames' });
 * await using owner = await frames.own(); // elsewhere: the process that does the work
 * const frame = await frames.reserve(); // 1
 * using fence = frames.fenceAt(frame);
 * await owner.advanceTo(frame);
 * await fence.wait();
 * ```
 */
export class ClusterTimeline implements AsyncDisposable {
  /** @internal The fences of this process. */
  readonly _local: FenceTimeline;
  /** @internal */
  readonly _home: Home;
  /** @internal */
  readonly _key: string;
  /** @internal */
  readonly _traces: Traces;
  /** @internal The newest record seen here. */
  _known: Known;
  /** @internal This process's owner, while there is one. */
  _owner: Owner | undefined;
  /** @internal `own()` is under way. */
  _claiming = false;
  /** @internal `cluster.timeline()` gave this object out so often. */
  _uses = 0;
  /** The highest value that somebody waits for here or hung a callback on. */
  #wanted = 0;
  /** The read that is under way, and whether one must follow that began after somebody asked. */
  #reading: Promise<Known> | undefined;
  #next: Promise<Known> | undefined;
  /** Why nothing is learned here any more. */
  #over: FenceError | undefined;

  /** @internal Use `cluster.timeline()`. */
  constructor(home: Home, names: { driverName: string; timelineName: string }, key: string, known: Known) {
    this._home = home;
    this._key = key;
    this._known = known;
    this._traces = new Traces();
    this._traces.learn(known.record);
    this._local = new FenceTimeline({
      driverName: names.driverName,
      timelineName: names.timelineName,
      initialValue: known.record.value,
      uid: known.record.incarnation,
      carrier: this._traces,
      resultOf: (value) => {
        const code = resultOf(this._known.record, value);
        return code === undefined ? undefined : this.#failure(value, code);
      },
      ops: {
        enableSignaling: (fence) => {
          this.#wanted = Math.max(this.#wanted, fence.seqno);
          if (this._isWanted) home.follow(this);
          return true;
        },
        awaited: (_fence, waiters) => {
          home.awaiting(waiters > 0 ? 1 : -1);
        },
      },
    });
    if (known.record.canceled !== undefined) this.#cancel(known.record);
  }

  /** Names the fences of this process; `createFence` on it throws, `fenceAt()` does that. Its `uid` is the same in every process. */
  get context(): DmaFenceContext {
    return this._local.context;
  }

  /** The last finished value that this process knows of; only rises. */
  get value(): number {
    return this._local.value;
  }

  /** Who owns it, as far as this process knows: the id of the owner's lease; undefined while nobody does. */
  get ownedBy(): string | undefined {
    return this._known.record.owner;
  }

  /**
   * The fence of any value, in this process; the caller owns a reference.
   *
   * @param value an integer from 0; it need not be reserved yet.
   * @returns the same fence each time while it is pending here. For a finished value one that is signaled, or failed with what
   * that value failed with; with `EIO` where that is no longer known. After a cancel, failed for all that was not finished.
   * @throws FenceError `EINVAL` for anything else.
   */
  fenceAt(value: number): DmaFence {
    return this._local.fenceAt(value);
  }

  /**
   * Takes the next numbers, in whatever process; no two get the same.
   *
   * @param count how many, from 1; 1 by default.
   * @returns the first of them. Somebody now owes an `advanceTo` for each. A lost answer leaves a hole.
   * @throws FenceError `ECANCELED` after a cancel, `EIO` when the record is lost, `EAGAIN` without an answer, `EINVAL` for a bad count.
   */
  async reserve(count = 1): Promise<number> {
    if (!Number.isSafeInteger(count) || count < 1) {
      throw unfit(`${this._name}: the count of reserve()`, 'an integer from 1', count);
    }
    this._check('reserve');
    for (;;) {
      // Both at once: an owner may have said more than was ever reserved, and such a number is nobody's any more.
      const [sum] = await this._home.ask(`${this._name}: reserve()`, () =>
        Promise.all([this._home.engine.add(this._counter, count), this._read()]),
      );
      this._check('reserve');
      const first = sum - count + 1;
      if (!Number.isSafeInteger(sum)) {
        throw new FenceError(
          'EINVAL',
          `${this._name}: value 2^53-1 was the last exact one; make a new timeline`,
        );
      }
      if (first > this.value) return first;
      await this._home.ask(`${this._name}: reserve()`, () =>
        this._home.engine.add(this._counter, Math.max(0, this.value - sum)),
      );
    }
  }

  /**
   * Asks the engine. Afterwards everything that was acknowledged before the call is known here.
   *
   * @throws FenceError `EAGAIN` when the engine gives no answer for as long as a lease lasts.
   */
  async refresh(): Promise<void> {
    if (this.#over !== undefined) return;
    await untilDone(`${this._name}: refresh()`, this._home.leaseMs, () => this._read());
  }

  /**
   * Becomes the one who may say what is finished.
   *
   * @returns the signalling side. It is lost when this process is silent for longer than a lease.
   * @throws FenceError `EBUSY` while another living process owns it, or this one; `ECANCELED` after a cancel; `EIO` when the record
   * is lost; `EAGAIN` when the engine gives no answer.
   */
  async own(): Promise<TimelineOwner> {
    this._check('own');
    return claim(this);
  }

  /** Lets go of it once for each `cluster.timeline()`. With the last one, fences pending here fail with `ECANCELED`; others go on. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (--this._uses === 0) await this._leave();
  }

  /** @internal What the last disposal does. */
  async _leave(): Promise<void> {
    await this._owner?.[Symbol.asyncDispose]();
    this._end(new FenceError('ECANCELED', `${this._name} was let go of in this process; attach again`));
    this._home.forget(this);
  }

  /** @internal */
  get _name(): string {
    const { driverName, timelineName, id } = this._local.context;
    return `cluster timeline ${driverName}:${timelineName}:${String(id)}`;
  }

  /** @internal Reserved numbers are counted under a name of their own: a reserver must not stand in the owner's way. */
  get _counter(): string {
    return `${this._key}.${this._known.record.incarnation}`;
  }

  /** @internal Whether somebody wants to know more than is known. */
  get _isWanted(): boolean {
    return this.#over === undefined && this.#wanted > this.value;
  }

  /** @internal Refuses what makes no sense any more. */
  _check(call: string): void {
    if (this.#over === undefined) return;
    throw new FenceError(this.#over.code, `${this._name}: ${call}() is too late: ${this.#over.message}`, {
      cause: this.#over,
    });
  }

  /** @internal Something may have changed. */
  readonly _changed = (state?: Versioned): void => {
    if (this.#over !== undefined) return;
    const record = state === undefined ? undefined : decode(state.data);
    if (state !== undefined && record?.incarnation === this._known.record.incarnation) {
      this._learn({ version: state.version, record });
    } else {
      // A hint that says nothing, or too much: ask.
      this._look();
    }
  };

  /** @internal Reads in the background; what fails is tried again at the next check. */
  _look(): void {
    this._read().catch(() => {
      this._home.missed(this);
    });
  }

  /** @internal Reads what the engine has, once for all who ask while another read is under way: that one may have begun too early. */
  _read(): Promise<Known> {
    if (this.#reading === undefined) {
      const reading = this.#readOnce();
      const done = (): void => {
        this.#reading = undefined;
      };
      this.#reading = reading;
      reading.then(done, done);
      return reading;
    }
    this.#next ??= this.#reading.then(
      () => this.#readNext(),
      () => this.#readNext(),
    );
    return this.#next;
  }

  #readNext(): Promise<Known> {
    this.#next = undefined;
    return this._read();
  }

  /** @internal Takes over what a record says; it may be old, then it says nothing new. */
  _learn(known: Known): void {
    const { record } = known;
    const before = this._known.record;
    if (record.value < before.value || (record.value === before.value && record.writes < before.writes))
      return;
    this._known = known;
    this._traces.learn(record);
    for (const { to, code } of stepsAbove(record, this.value)) {
      // A callback on the way may have learned more.
      if (to > this.value)
        this._local.advanceTo(to, code === undefined ? undefined : this.#failure(to, code));
    }
    if (record.canceled !== undefined && this.#over === undefined) this.#cancel(record);
    if (!this._isWanted) this._home.rest(this);
  }

  /** @internal Nothing is learned any more: what is pending fails with `reason`. */
  _end(reason: FenceError): void {
    if (this.#over !== undefined) return;
    this.#over = reason;
    this._home.rest(this);
    this._owner?._finish(reason);
    this._local.cancel(reason);
  }

  /** @internal Convicts an owner whose lease is over: what it owed fails, for everybody. The write decides, not the lease. */
  async _convict(lease: string): Promise<void> {
    const { engine } = this._home;
    const { record, version } = await this._read();
    if (record.owner !== lease || this.#over !== undefined) return;
    const reserved = await engine.add(this._counter, 0);
    const { value } = this;
    const next = ownerless(record, Math.max(reserved, value));
    const written = await engine.compareAndSet(this._key, version, encode(next));
    if (written === undefined) return;
    if (record.value < value) this._wentBack(value, record.value);
    this._learn({ version: written, record: next });
  }

  /** @internal A write was acknowledged on top of a state that is behind what was known here: so that was the truth, and no old read. */
  _wentBack(from: number, to: number): void {
    this._home.warn(
      `${this._name}: the engine went back from value ${String(from)} to ${String(to)}; results that were already told stay told`,
    );
  }

  async #readOnce(): Promise<Known> {
    const state = await this._home.reach(() => this._home.engine.read(this._key));
    const record = state === undefined ? undefined : decode(state.data);
    if (state === undefined || record?.incarnation !== this._known.record.incarnation) {
      if (this.#over === undefined) await this.#confirmLoss(state, record);
      throw this.#over ?? new FenceError('EIO', `${this._name}: its record was lost`);
    }
    const known = { version: state.version, record };
    this._learn(known);
    return known;
  }

  /** The record is gone, or is another: a read may be old and accuses only; a write on top of it convicts. */
  async #confirmLoss(state: Versioned | undefined, record: TimelineRecord | undefined): Promise<void> {
    const next =
      record === undefined
        ? newRecord(randomName(), this._known.record.errorSlots)
        : { ...record, writes: record.writes + 1 };
    const written = await this._home.reach(() =>
      this._home.engine.compareAndSet(this._key, state?.version, encode(next)),
    );
    if (written === undefined)
      throw new FenceError('EAGAIN', `${this._name}: its record changes while it is read`);
    // Whoever attaches from now on gets the new one.
    this._home.forget(this);
    this._end(
      new FenceError(
        'EIO',
        `${this._name}: its record was lost and made anew, so what was pending is unknown; attach again with cluster.timeline()`,
      ),
    );
  }

  #failure(value: number, code: FenceError['code']): FenceError {
    const whom = `${this._name}: the work up to ${String(value)}`;
    return code === 'EIO' && value <= this._known.record.forgotten
      ? new FenceError(
          'EIO',
          `${whom} is over, its result is no longer known: more failed than the timeline has errorSlots`,
        )
      : new FenceError(code, `${whom} failed with ${inWords(code)}`);
  }

  #cancel({ canceled }: TimelineRecord): void {
    const code = canceled as NonNullable<typeof canceled>;
    this._end(
      new FenceError(code, `${this._name} was canceled with ${inWords(code)}; use another timelineName`),
    );
  }
}
