import { isOlder, nowHolds, type AcquireContext, type Asked, type Held } from './acquire-context.js';
import { Course } from '../wait/course.js';
import { FenceError } from '../error.js';
import type { Limits } from '../wait/limits.js';
import { platform } from '../platform.js';
import { Transactions } from './transactions.js';

/** Somebody who waits for a lock. */
class Request<L extends Held> extends Course implements Asked {
  readonly acquire: AcquireContext | undefined;
  /** Granted. */
  lock: L | undefined = undefined;
  /** Its neighbours in the queue. */
  previous: Request<L> | undefined = undefined;
  next: Request<L> | undefined = undefined;
  readonly #queue: LockQueue<L>;
  /** Rejecting is resolving with a rejected promise, as in a wait for one fence. */
  readonly #resolve: (lock: L | Promise<never>) => void;

  constructor(
    queue: LockQueue<L>,
    acquire: AcquireContext | undefined,
    resolve: (lock: L | Promise<never>) => void,
  ) {
    super();
    this.acquire = acquire;
    this.#queue = queue;
    this.#resolve = resolve;
  }

  get behindOlder(): boolean {
    return this.#queue.isBehindOlder(this);
  }

  settle(): boolean {
    if (this.lock === undefined) return false;
    this.#resolve(this.lock);
    return true;
  }

  reject(reason: unknown): void {
    this.#resolve(Promise.reject(reason));
  }

  ask(): void {
    // The lock was not free.
  }

  hang(): void {
    this.stage = 'hung';
    this.#queue.enter(this);
  }

  leave(_outcome: unknown, hung: boolean): void {
    if (hung) this.#queue.remove(this);
  }

  override late({ timeoutMs }: Limits): FenceError {
    return this.#queue.late(timeoutMs);
  }

  refuse(reason: unknown): void {
    this.end('aborted', reason);
  }

  die(): void {
    this.refuse(this.#queue.deadlock());
  }
}

/**
 * Who holds the lock of a reservation, and who comes next.
 *
 * First come, first served; but transactions stand among each other by age, the oldest first. One that holds other locks
 * never waits behind an older transaction, it is refused instead (wait-die): so every chain of waits ends at somebody who
 * waits for nobody, and of the transactions in a queue only the oldest may hold locks. The lock is handed over by the
 * unlock itself; nobody can slip in between.
 */
export class LockQueue<L extends Held> {
  readonly #name: string;
  readonly #makeLock: (queue: LockQueue<L>) => L;
  #holder: { readonly lock: L; readonly acquire: AcquireContext | undefined } | undefined = undefined;
  /** Requests in the order of their turns. */
  #first: Request<L> | undefined = undefined;
  #last: Request<L> | undefined = undefined;
  readonly #transactions = new Transactions<Request<L>>();

  constructor(name: string, makeLock: (queue: LockQueue<L>) => L) {
    this.#name = name;
    this.#makeLock = makeLock;
  }

  /** Takes the lock if nobody holds it. Kernel: `ww_mutex_trylock`. */
  tryTake(acquire?: AcquireContext): L | undefined {
    return this.#holder === undefined ? this.#take(acquire) : undefined;
  }

  /** Takes the lock as soon as it can be had. Kernel: `ww_mutex_lock`. */
  take(acquire: AcquireContext | undefined, limits: Limits): Promise<L> {
    return new Promise((resolve) => {
      const request = new Request(this, acquire, resolve);
      if (limits.signal?.aborted !== true) {
        if (acquire !== undefined && this.#knows(acquire)) {
          throw new FenceError(
            'EALREADY',
            `${this.#name}: its AcquireContext has this lock, or has asked for it`,
          );
        }
        request.lock = this.tryTake(acquire);
      }
      request.begin(limits);
    });
  }

  /** The holder is done; the next one has the lock before this returns. */
  release(lock: L): void {
    this.#holder?.acquire?._held.delete(lock);
    this.#holder = undefined;
    const next = this.#first;
    if (next === undefined) return;
    this.remove(next);
    next.lock = this.#take(next.acquire);
    try {
      next.end('signaled');
    } catch (error) {
      // An abort signal that cannot be left is no fault of who unlocks.
      platform.report(error);
    }
  }

  /** Queues a request at its place; who may not wait there, or no longer there, is refused. */
  enter(request: Request<L>): void {
    const { acquire } = request;
    if (acquire === undefined) {
      this.#insert(request, undefined);
      return;
    }
    const { oldest } = this.#transactions;
    this.#insert(request, this.#transactions.add(request));
    acquire._asked.set(this, request);
    if (acquire._held.size > 0 && request.behindOlder) request.die();
    else if (isOlder(acquire, oldest?.acquire) && (oldest?.acquire?._held.size ?? 0) > 0) oldest?.die();
  }

  #insert(request: Request<L>, next: Request<L> | undefined): void {
    const previous = next === undefined ? this.#last : next.previous;
    request.previous = previous;
    request.next = next;
    if (previous === undefined) this.#first = request;
    else previous.next = request;
    if (next === undefined) this.#last = request;
    else next.previous = request;
  }

  remove(request: Request<L>): void {
    if (this.#first !== request && request.previous === undefined) return;
    const { acquire, previous, next } = request;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    request.previous = request.next = undefined;
    if (acquire === undefined) return;
    this.#transactions.remove(request);
    acquire._asked.delete(this);
  }

  /** Whether an older transaction holds the lock, or will get it before `request`. */
  isBehindOlder({ acquire }: Request<L>): boolean {
    return isOlder(this.#holder?.acquire, acquire) || isOlder(this.#transactions.oldest?.acquire, acquire);
  }

  late(timeoutMs: number): FenceError {
    const when = timeoutMs === 0 ? 'now' : `within ${String(timeoutMs)} ms`;
    return new FenceError('ETIME', `${this.#name}: not locked ${when}; see who holds its lock`);
  }

  deadlock(): FenceError {
    return new FenceError(
      'EDEADLK',
      `${this.#name}: an older transaction has its lock, or comes first; unlock everything, then lock this one first`,
    );
  }

  #take(acquire: AcquireContext | undefined): L {
    const lock = this.#makeLock(this);
    this.#holder = { lock, acquire };
    if (acquire !== undefined) nowHolds(acquire, lock);
    return lock;
  }

  #knows(acquire: AcquireContext): boolean {
    return this.#holder?.acquire === acquire || acquire._asked.has(this);
  }
}
