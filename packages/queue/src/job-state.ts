import {
  FenceError,
  isDmaFence,
  type Borrowed,
  type DmaFence,
  type DmaFenceContext,
  type DriverFence,
  type FenceErrorCode,
  type WaitOptions,
} from '@dma-fence/core';
import {
  abortErrorOf,
  errorOf,
  fenceOfRecord,
  limitedWait,
  newFailure,
  observed,
  refusal,
  runInFence,
  setTimer,
  unfitArgument,
  type FenceFailure,
} from '@dma-fence/core/producer';
import { captureContext, type CapturedContext } from './async-context.js';
import {
  awaitedOf,
  dropAwaited,
  followAll,
  PointDependency,
  putHeld,
  unfollow,
  watchesIn,
  type Awaited,
  type Followed,
} from './dependencies.js';
import { all, plus, type Few } from './few.js';
import { Hardware } from './hardware.js';
import { INSPECT } from './inspect.js';
import type { Job, JobDependency, JobOptions, JobStatus } from './job.js';
import type { JobEntity } from './job-entity.js';
import { JobFence } from './job-fence.js';
import type { JobQueue } from './job-queue.js';
import { checkJob, priorityOf, rankOf } from './options.js';
import type { QueueState } from './queue-state.js';
import { NOWHERE } from './ready.js';
import type { Settling } from './settling.js';
import { forget, listen } from './shared-abort.js';
import type { Stream } from './stream.js';
import { decide, enter, kick, leave, toFree, toSettle } from './turn.js';

const ARMED = 1;
const PUSHED = 2;
/** Its work was called. */
const BEGUN = 4;
/** What becomes of it is certain: `#error` says whether it has failed. */
const DECIDED = 8;
/** Its work has really ended, is known to be gone, or never begins. */
const ENDED = 16;
/** Its `finished` was told. */
const TOLD = 32;
/** Its `scheduled` was told. */
const SCHEDULED = 64;
/** `result()` rejects with what the work threw, which is in `#value`. */
const THREW = 128;
const DISPOSED = 256;
/** It runs whatever becomes of what it depends on. */
const RUN_ANYWAY = 512;
/** Inside `onTimeout`. */
const ASKING = 1024;
/** It follows jobs of its own ring. */
const IN_RING = 2048;
/** A fence of ours is being put, and may dispose of its data: this job. */
const PUTTING = 4096;

/** What few jobs have. */
class Rare {
  deadline = Infinity;
  timeoutMs: number | undefined = undefined;
  signal: AbortSignal | undefined = undefined;
  controller: AbortController | undefined = undefined;
  /** Why its own signal aborts, or would have, had anybody asked for it. */
  aborted: { readonly reason: unknown } | undefined = undefined;
  timer: Disposable | undefined = undefined;
  hardware: Hardware | undefined = undefined;
  /** How many jobs that followed it have stopped to. */
  gone = 0;
  /** Canceled before it was armed. */
  canceled: FenceError | undefined = undefined;
}

/** Somebody who waits for the result. */
interface Waiter {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

type Work = (job: Job) => unknown;

const NO_OPTIONS: JobOptions = {};

/** A job as its queue knows it; users see it as a `Job`. */
export class JobState implements Job, Settling {
  readonly state: QueueState;
  readonly stream: Stream | undefined;
  readonly data: unknown;
  readonly credits: number;
  readonly #name: string | undefined;
  readonly #number: number;
  /** Its own priority, or -1 for that of its stream. */
  readonly #rank: number;
  #flags: number;
  #work: Work | undefined;
  #context: CapturedContext | undefined = undefined;
  #rare: Rare | undefined = undefined;
  /** Before `arm`, what it is to depend on; then what is followed; undefined once that does not matter any more. */
  #after: Awaited[] | undefined = undefined;
  #following: Few<Followed> = undefined;
  #unmet = 0;
  /** Jobs that follow this one. */
  #dependents: Few<JobState> = undefined;
  #scheduled: JobFence | undefined = undefined;
  #finished: JobFence | undefined = undefined;
  #error: FenceError | undefined = undefined;
  #value: unknown = undefined;
  #waiters: Few<Waiter> = undefined;
  /** How it has failed, with its place in the order of failures. */
  failure: FenceFailure | undefined = undefined;
  /** See `Ready`. */
  place: number = NOWHERE;
  /** When it was pushed: 1, 2, 3 … */
  order = 0;
  previous: JobState | undefined = undefined;
  next: JobState | undefined = undefined;

  /** @param capture whether its work is to run in the present asynchronous context, whatever begins it. */
  constructor(
    state: QueueState,
    stream: Stream | undefined,
    work: unknown,
    options: JobOptions | undefined,
    capture: boolean,
  ) {
    const given = options ?? NO_OPTIONS;
    const {
      name,
      data,
      priority,
      credits = 1,
      after,
      onDependencyError,
      timeoutMs,
      deadline,
      signal,
    } = given;
    this.state = state;
    this.stream = stream;
    this.data = data;
    this.credits = credits;
    this.#name = name;
    this.#number = state.made + 1;
    this.#work = work as Work;
    this.#flags = onDependencyError === 'run' ? RUN_ANYWAY : 0;
    if (typeof work !== 'function') throw unfitArgument(this, 'its work', 'a function', work);
    // `null` is no options either.
    if (options !== undefined) checkJob(this, options, state.settings.credits);
    const own = priorityOf(this, priority);
    this.#rank = own === undefined ? -1 : rankOf(own);
    if (timeoutMs !== undefined || deadline !== undefined || signal !== undefined) {
      const rare = (this.#rare = new Rare());
      rare.timeoutMs = timeoutMs;
      rare.deadline = deadline ?? Infinity;
      rare.signal = signal;
    }
    if (after !== undefined) this.#after = this.#collect(after);
    state.made++;
    if (capture) this.capture();
  }

  /** Its work is going to run in the present asynchronous context. */
  capture(): void {
    this.#context = captureContext();
  }

  #collect(after: Iterable<JobDependency>): Awaited[] {
    const list: Awaited[] = [];
    try {
      for (const on of after) list.push(awaitedOf(this, on));
    } catch (error) {
      dropAwaited(list);
      throw error;
    }
    return list;
  }

  // What users see.

  get name(): string {
    return this.#name ?? `job ${String(this.#number)}`;
  }

  get queue(): JobQueue {
    return this.state.queue;
  }

  get entity(): JobEntity | undefined {
    return this.stream?.entity;
  }

  get status(): JobStatus {
    if (this.told || this.dead) return this.#error === undefined ? 'finished' : 'failed';
    if (this.begun) return 'running';
    return (this.#flags & PUSHED) !== 0 ? 'waiting' : this.armed ? 'armed' : 'prepared';
  }

  get scheduled(): Borrowed {
    this.#checkArmed('scheduled');
    const told =
      (this.#flags & SCHEDULED) === 0 ? undefined : { failure: this.begun ? undefined : this.failure };
    this.#scheduled ??= new JobFence();
    return this.#scheduled.ask(this, this.#scheduled.fence?.context ?? this.#contextOf('scheduled'), told);
  }

  get finished(): Borrowed<DmaFence<Job>> {
    this.#checkArmed('finished');
    const told = this.told ? { failure: this.failure } : undefined;
    this.#finished ??= new JobFence();
    return this.#finished.ask(this, this.#finished.fence?.context ?? this.#contextOf('finished'), told);
  }

  get signal(): AbortSignal {
    const rare = this.#rareOne();
    if (rare.controller === undefined) {
      rare.controller = new AbortController();
      if (rare.aborted !== undefined) rare.controller.abort(rare.aborted.reason);
    }
    return rare.controller.signal;
  }

  addDependency(on: JobDependency): void {
    if (this.armed || this.disposed) throw refusal(this, 'is armed: add dependencies before arm()');
    (this.#after ??= []).push(awaitedOf(this, on));
  }

  arm(users: readonly DmaFence[] = []): void {
    const { state, stream } = this;
    if (this.armed) throw refusal(this, 'is armed already; prepare another job');
    if (this.disposed) throw refusal(this, 'was disposed of; prepare another job');
    state.checkOpen(stream, 'arm', this);
    this.#flags |= ARMED;
    if (stream !== undefined || observed()) {
      (this.#scheduled = new JobFence()).make(this, this.#contextOf('scheduled'));
      (this.#finished = new JobFence()).make(this, this.#contextOf('finished'));
    }
    state.link(this);
    stream?.add(this);
    const after = this.#after;
    this.#after = undefined;
    const { canceled, signal } = this.#rare ?? {};
    if (after === undefined && users.length === 0 && canceled === undefined && signal === undefined) return;
    decide(() => {
      if (canceled !== undefined) this.#die(canceled);
      else if (signal?.aborted === true) this.abortedBy(signal.reason);
      else if (signal !== undefined) listen(signal, this);
      followAll(this, after ?? [], users);
    });
  }

  push(): void {
    const { state, stream } = this;
    if (!this.armed) throw refusal(this, 'is not armed; arm() it before push()');
    if ((this.#flags & PUSHED) !== 0) throw refusal(this, 'was pushed already; prepare another job');
    state.checkOpen(stream, 'push', this);
    if (this.dead) {
      this.#flags |= PUSHED;
      return;
    }
    state.checkRoom('push', this);
    this.#flags |= PUSHED;
    this.order = ++state.pushed;
    state.waiting++;
    if (stream !== undefined) stream.waiting++;
    const outer = enter();
    if (state.settings.maxWaiting !== Infinity) state.room.pushed();
    this.#becomeReady();
    leave(outer);
  }

  cancel(error: FenceErrorCode | Error = 'ECANCELED'): boolean {
    const reason = errorOf(this, error);
    return this.#cancel(reason, typeof error === 'string' ? reason : error);
  }

  abandon(error?: FenceErrorCode | Error): void {
    const asking = (this.#flags & ASKING) !== 0;
    const reason = errorOf(this, error ?? (asking ? 'ETIME' : 'ECANCELED'));
    if (!this.begun) {
      if (this.decided) return;
      throw refusal(this, 'has not begun, so there is no work to abandon; cancel() it');
    }
    decide(() => {
      if ((this.#flags & ENDED) !== 0) return;
      this.#rare?.hardware?.drop(reason);
      this.#end(reason);
      if (asking) this.#abort(reason);
    });
  }

  result(options?: WaitOptions): Promise<unknown> {
    if (options === undefined && !observed()) {
      return new Promise((resolve, reject) => {
        this.#awaitResult(resolve, reject);
      });
    }
    return this.#limitedResult(options);
  }

  [Symbol.dispose](): void {
    if ((this.#flags & (PUTTING | DISPOSED)) !== 0) return;
    this.#flags |= DISPOSED;
    decide(() => {
      if (!this.armed) {
        const after = this.#after;
        this.#after = undefined;
        if (after !== undefined) dropAwaited(after);
        this.#error ??= errorOf(this, 'ECANCELED');
        this.#flags |= DECIDED | ENDED | TOLD;
        this.#tellWaiters();
      } else if (this.armedOnly) {
        this.cancel();
      }
    });
    this.#scheduled?.letGo(this);
    this.#finished?.letGo(this);
  }

  /** What is shown of a job: no internals. */
  toJSON(): { name: string; status: JobStatus; queue: string } {
    return { name: this.name, status: this.status, queue: this.state.name };
  }

  /** @internal Node's `console.log` shows the same. */
  [INSPECT](): unknown {
    return this.toJSON();
  }

  // Where it stands.

  /** How messages name it. */
  get who(): string {
    return `job ${JSON.stringify(this.name)} of ${this.state.name}`;
  }

  get armed(): boolean {
    return (this.#flags & ARMED) !== 0;
  }

  /** Armed, not pushed, and it may still be. */
  get armedOnly(): boolean {
    return (this.#flags & (ARMED | PUSHED | DECIDED)) === ARMED;
  }

  get begun(): boolean {
    return (this.#flags & BEGUN) !== 0;
  }

  get decided(): boolean {
    return (this.#flags & DECIDED) !== 0;
  }

  /** It never begins. */
  get dead(): boolean {
    return (this.#flags & (DECIDED | BEGUN)) === DECIDED;
  }

  get told(): boolean {
    return (this.#flags & TOLD) !== 0;
  }

  get disposed(): boolean {
    return (this.#flags & DISPOSED) !== 0;
  }

  /** Whether it may begin as soon as there is room and its turn has come. */
  get isReady(): boolean {
    if ((this.#flags & (PUSHED | DECIDED)) !== PUSHED || this.#unmet > 0) return false;
    return (
      (this.#flags & IN_RING) === 0 ||
      !all(this.#following).some((one) => one instanceof JobState && !one.passed)
    );
  }

  /** Puts a reference to one of its fences. */
  put(fence: DmaFence): void {
    const flags = this.#flags;
    this.#flags |= PUTTING;
    putHeld(fence);
    if ((flags & PUTTING) === 0) this.#flags &= ~PUTTING;
  }

  get isWaiting(): boolean {
    return (this.#flags & (PUSHED | BEGUN | DECIDED)) === PUSHED;
  }

  /** For those behind it in a ring that depend on it: it has begun, or is over. */
  get passed(): boolean {
    return (this.#flags & (BEGUN | TOLD)) !== 0;
  }

  /** Its priority as a number. */
  get rank(): number {
    return this.#rank < 0 ? (this.stream?.rank ?? 1) : this.#rank;
  }

  /** When its result is wanted. */
  get soonest(): number {
    return this.#rare === undefined ? Infinity : this.#rare.deadline;
  }

  get hardware(): DmaFence | undefined {
    return this.#rare?.hardware?.fence;
  }

  isFinished(fence: DmaFence): boolean {
    return this.#finished?.fence === fence;
  }

  /** `finished`, made if need be; the reference is the queue's. */
  ownFinished(): Borrowed {
    if (this.told) return this.finished;
    this.#finished ??= new JobFence();
    return this.#finished.fence ?? this.#finished.make(this, this.#contextOf('finished'));
  }

  ownFinishedIfAny(): Borrowed | undefined {
    return this.#finished?.fence;
  }

  /** What it waits for, the first one first. */
  unmetDependencies(): (DmaFence | string)[] {
    const unmet: (DmaFence | string)[] = [];
    for (const one of all(this.#following)) {
      if (one instanceof PointDependency) {
        if (one.pending) unmet.push(`point ${String(one.point)} of a sync object, not submitted yet`);
      } else if (one instanceof JobState) {
        if (!one.told) unmet.push(one.ownFinished());
      } else {
        const fence = fenceOfRecord(one);
        if (fence !== undefined) unmet.push(fence);
      }
    }
    return unmet;
  }

  // What it depends on.

  /** Follows something; `decides` whether the job waits for it. */
  follows(one: Followed, decides: boolean): void {
    if (decides) this.#unmet++;
    this.#following = plus(this.#following, one);
  }

  /** Follows another job. */
  followJob(on: JobState): void {
    const ring = on.stream !== undefined;
    if (ring) this.#flags |= IN_RING;
    this.follows(on, !ring);
    on.#dependents = plus(on.#dependents, this as JobState);
  }

  /** One of those that follow this job has stopped to. */
  dropDependent(): void {
    const dependents = this.#dependents;
    if (!Array.isArray(dependents)) {
      if (dependents?.decided === true || dependents?.begun === true) this.#dependents = undefined;
    } else if (++this.#rareOne().gone * 2 > dependents.length) {
      this.#rareOne().gone = 0;
      this.#dependents = dependents.filter((one) => !one.decided && !one.begun);
    }
  }

  /** Something that it waited for is over. */
  dependencyOver(error: FenceError | undefined): void {
    if (error !== undefined) this.dependencyFailed(error);
    if (!this.decided && --this.#unmet === 0) this.#becomeReady();
  }

  /** Something has failed that it depends on. */
  dependencyFailed(error: FenceError): void {
    if ((this.#flags & RUN_ANYWAY) === 0) this.#die(error);
  }

  /** The last fence of a context has succeeded: the others do not matter any more. */
  dropWatches(context: DmaFenceContext): void {
    for (const one of all(this.#following)) if (watchesIn(one, context)) unfollow(one);
  }

  #unfollow(): void {
    const following = this.#following;
    if (following === undefined) return;
    this.#following = undefined;
    for (const one of all(following)) unfollow(one);
  }

  #becomeReady(): void {
    if (this.stream !== undefined) this.stream.update();
    else if (this.isReady) {
      this.state.enqueue(this);
      kick(this.state);
    }
  }

  // Its course.

  /** Never begins. */
  #die(error: FenceError): void {
    if ((this.#flags & (DECIDED | BEGUN)) !== 0) return;
    const waited = (this.#flags & PUSHED) !== 0;
    this.#flags |= DECIDED | ENDED;
    this.#error = error;
    this.state.ready.remove(this);
    this.#letGo();
    toSettle(this.stream ?? this);
    if (!waited) return;
    if (this.stream !== undefined) this.stream.waiting--;
    this.state.noLongerWaiting();
  }

  /** Gives up one that was armed and is not pushed. */
  giveUp(code: FenceErrorCode): void {
    this.#die(errorOf(this, code));
  }

  /** What a job that has begun, or never will, needs no longer. */
  #letGo(): void {
    this.#work = undefined;
    this.#context = undefined;
    this.#unfollow();
    if ((this.#flags & ENDED) === 0) return;
    const rare = this.#rare;
    if (rare === undefined) return;
    rare.timer?.[Symbol.dispose]();
    rare.timer = undefined;
    if (rare.signal !== undefined) forget(rare.signal, this);
  }

  begin(): void {
    const { state, stream } = this;
    const work = this.#work as Work;
    const context = this.#context;
    this.#flags |= BEGUN;
    this.#letGo();
    if (stream === undefined) this.tellScheduled();
    else {
      stream.waiting--;
      stream.began(this);
      stream.settle();
    }
    const finished = this.#finished?.fence;
    const live = finished !== undefined && finished.refCount > 0;
    if (live) finished.emit();
    const timeoutMs = this.#rare?.timeoutMs ?? state.settings.timeoutMs;
    if (timeoutMs !== Infinity) this.#watch(timeoutMs);
    let returned: unknown;
    try {
      returned = live && observed() ? this.#runObserved(finished, work, context) : this.#run(work, context);
    } catch (thrown) {
      this.#threw(thrown);
      return;
    }
    this.#returned(returned, true);
  }

  #run(work: Work, context: CapturedContext | undefined): unknown {
    return context === undefined ? work(this) : context.runInAsyncScope<Job, unknown>(work, undefined, this);
  }

  #runObserved(finished: DriverFence, work: Work, context: CapturedContext | undefined): unknown {
    const { capacity } = this.state;
    const share = this.credits === 0 ? undefined : { capacity, holder: this };
    return runInFence(finished, () => this.#run(work, context), share);
  }

  /** Its work has returned something, or its promise has resolved with it. */
  #returned(value: unknown, mayWait: boolean): void {
    if (isDmaFence(value)) {
      this.#handedOver(value);
      return;
    }
    if (mayWait && isThenable(value)) {
      // A thenable that throws has thrown like its work.
      Promise.resolve(value).then(
        (result) => {
          const outer = enter();
          this.#returned(result, false);
          leave(outer);
        },
        (thrown: unknown) => {
          const outer = enter();
          this.#threw(thrown);
          leave(outer);
        },
      );
      return;
    }
    if (!this.decided) this.#value = value;
    this.#end(undefined);
  }

  /**
   * The hardware goes on with it: its reference is ours from now on.
   */
  #handedOver(fence: DmaFence): void {
    if (this.isFinished(fence)) {
      this.#end(
        new FenceError(
          'EDEADLK',
          `${this.who}: its work returned its own fence, which would wait for itself`,
        ),
      );
      return;
    }
    const hardware = new Hardware(fence, (error) => {
      decide(() => {
        this.#end(error);
      });
    });
    if ((this.#flags & ENDED) !== 0) {
      hardware.drop(this.#error);
      return;
    }
    this.#rareOne().hardware = hardware;
    if (this.soonest !== Infinity) hardware.wanted(this.soonest);
    hardware.follow();
  }

  #threw(thrown: unknown): void {
    if (!this.decided) {
      this.#flags |= THREW;
      this.#value = thrown;
    }
    this.#end(newFailure(thrown, this.who).error);
  }

  /** Its work has really ended, or is known to be gone. */
  #end(error: FenceError | undefined): void {
    if ((this.#flags & ENDED) !== 0) return;
    if (!this.decided) this.#error = error;
    this.#flags |= DECIDED | ENDED;
    this.#letGo();
    if (this.told) toFree(this);
    else toSettle(this.stream ?? this);
  }

  // Its end is told.

  settle(): void {
    if (this.told) return;
    if (!this.begun) this.tellScheduled();
    this.tellFinished();
  }

  tellScheduled(): void {
    if ((this.#flags & SCHEDULED) !== 0) return;
    this.#flags |= SCHEDULED;
    if (!this.begun) this.#fail();
    this.#scheduled?.tell(this, this.begun ? undefined : this.failure);
  }

  tellFinished(): void {
    this.#flags |= TOLD;
    this.#fail();
    this.state.unlink(this);
    this.#finished?.tell(this, this.failure);
    const dependents = this.#dependents;
    this.#dependents = undefined;
    for (const one of all(dependents)) one.#jobOver(this);
    this.#tellWaiters();
    if ((this.#flags & (BEGUN | ENDED)) === (BEGUN | ENDED)) toFree(this);
  }

  /** A job that it follows is over. */
  #jobOver(on: JobState): void {
    // It has begun, or will not: it does not follow any more.
    if (this.decided || this.begun) return;
    if (on.stream === undefined) {
      this.dependencyOver(on.#error);
      return;
    }
    if (on.#error !== undefined) this.dependencyFailed(on.#error);
    this.#becomeReady();
  }

  #fail(): void {
    if (this.#error !== undefined) this.failure ??= newFailure(this.#error, this.who);
  }

  free(): void {
    const { state, stream } = this;
    if (observed()) state.capacity.release(this);
    if (stream?.current === this) {
      stream.current = undefined;
      stream.update();
    }
    state.giveBack(this.credits);
  }

  // Being stopped.

  #cancel(error: FenceError, reason: unknown): boolean {
    if (this.decided || this.#rare?.canceled !== undefined) return false;
    if (this.begun) {
      decide(() => {
        this.#abort(reason);
      });
      return false;
    }
    if (!this.armed) {
      this.#rareOne().canceled = error;
      return true;
    }
    decide(() => {
      this.#die(error);
    });
    return true;
  }

  /** The signal of its options has aborted. */
  abortedBy(reason: unknown): void {
    const error = abortErrorOf(this, reason);
    // An error is passed on as it is.
    this.#cancel(error, error.code === 'ECANCELED' && !(reason instanceof Error) ? error : reason);
  }

  #abort(reason: unknown): void {
    const rare = this.#rareOne();
    if (rare.aborted !== undefined) return;
    rare.aborted = { reason };
    rare.controller?.abort(reason);
  }

  /** Somebody wants the result by `deadline`. */
  wanted(deadline: number): void {
    const rare = this.#rareOne();
    if (deadline >= rare.deadline) return;
    if (this.place === NOWHERE) rare.deadline = deadline;
    else {
      this.state.ready.remove(this);
      rare.deadline = deadline;
      this.state.ready.add(this);
    }
    rare.hardware?.wanted(deadline);
  }

  #watch(timeoutMs: number): void {
    this.#rareOne().timer = setTimer(() => {
      decide(() => {
        this.#timedOut(timeoutMs);
      });
    }, timeoutMs);
  }

  #timedOut(timeoutMs: number): void {
    this.#rareOne().timer = undefined;
    this.#flags |= ASKING;
    let answer: unknown = 'fail';
    let cause: { cause: unknown } | undefined;
    try {
      answer = this.state.askTimeout(this);
    } catch (thrown) {
      cause = { cause: thrown };
    }
    this.#flags &= ~ASKING;
    if (this.decided) return;
    if (answer === 'extend') {
      this.#watch(timeoutMs);
      return;
    }
    const error = new FenceError('ETIME', `${this.who}: still running after ${String(timeoutMs)} ms`, cause);
    decide(() => {
      this.#flags |= DECIDED;
      this.#error = error;
      toSettle(this.stream ?? this);
    });
    this.#abort(error);
  }

  // Its result.

  #awaitResult(resolve: (value: unknown) => void, reject: (reason: unknown) => void): Waiter | undefined {
    if (this.told) {
      this.#tellOne({ resolve, reject });
      return undefined;
    }
    const waiter = { resolve, reject };
    this.#waiters = plus(this.#waiters, waiter);
    return waiter;
  }

  #limitedResult(options: WaitOptions | undefined): Promise<unknown> {
    return limitedWait<unknown>(
      `${this.who}: result()`,
      options,
      (resolve, reject) => {
        const waiter = this.#awaitResult(resolve, reject);
        if (waiter === undefined) return undefined;
        return () => {
          this.#waiters = all(this.#waiters).filter((one) => one !== waiter);
        };
      },
      this.told || this.credits === 0 ? undefined : this.state.capacity,
    );
  }

  #tellWaiters(): void {
    const waiters = this.#waiters;
    this.#waiters = undefined;
    if (waiters !== undefined) for (const waiter of all(waiters)) this.#tellOne(waiter);
  }

  #tellOne({ resolve, reject }: Waiter): void {
    if ((this.#flags & THREW) !== 0) reject(this.#value);
    else if (this.#error !== undefined) reject(this.#error);
    else resolve(this.#value);
  }

  #rareOne(): Rare {
    return (this.#rare ??= new Rare());
  }

  #checkArmed(what: string): void {
    if (!this.armed) throw refusal(this, `has no fences yet; arm() or submit it before you use ${what}`);
  }

  #contextOf(which: 'scheduled' | 'finished'): DmaFenceContext {
    const { stream, state } = this;
    if (which === 'scheduled') return stream?.scheduledContext ?? state.newContext(undefined, 'scheduled');
    return stream?.finishedContext ?? state.newContext();
  }
}

/** Whether to wait for it. A `then` that throws when it is asked for is found out by waiting. */
function isThenable(value: unknown): boolean {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  try {
    return typeof (value as Partial<PromiseLike<unknown>>).then === 'function';
  } catch {
    return true;
  }
}
