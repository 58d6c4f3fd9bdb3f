import { isOlder, nowHolds, type AcquireContext, type Asked, type Held } from './acquire-context.js';
import { FenceError } from '../error.js';
import { limit, type Limits } from '../wait/limits.js';

/** Somebody who waits for a lock. */
class Request<L extends Held> implements Asked {
  readonly acquire: AcquireContext | undefined;
  readonly #queue: LockQueue<L>;
  readonly #resolve: (lock: L) => void;
  readonly #reject: (reason: unknown) => void;
  #unlimit: (() => void) | undefined = undefined;

  constructor(
    queue: LockQueue<L>,
    acquire: AcquireContext | undefined,
    resolve: (lock: L) => void,
    reject: (reason: unknown) => void,
  ) {
    this.acquire = acquire;
    this.#queue = queue;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  get behindOlder(): boolean {
    return this.#queue.isBehindOlder(this);
  }

  begin(limits: Limits): void {
    this.acquire?._asked.add(this);
    this.#unlimit = limit(
      limits,
      () => {
        this.refuse(this.#queue.late(`within ${String(limits.timeoutMs)} ms`));
      },
      () => {
        this.refuse(limits.signal?.reason);
      },
    );
  }

  /** Out of the queue: nothing of it is left anywhere. */
  leave(): void {
    this.#queue.remove(this);
    this.acquire?._asked.delete(this);
    this.#unlimit?.();
  }

  grant(lock: L): void {
    this.#resolve(lock);
  }

  refuse(reason: unknown): void {
    this.leave();
    this.#reject(reason);
  }

  die(): void {
    this.refuse(this.#queue.deadlock());
  }
}

/**
 * Who holds the lock of a reservation, and who comes next.
 *
 * First come, first served; but transactions stand among each other by age, the oldest first. Who holds other locks never
 * waits behind an older transaction, it is refused instead (wait-die): so every chain of waits ends at somebody who waits
 * for nobody. The lock is handed over by the unlock itself; nobody can slip in between.
 */
export class LockQueue<L extends Held> {
  readonly #name: string;
  readonly #makeLock: (queue: LockQueue<L>) => L;
  #holder: { readonly lock: L; readonly acquire: AcquireContext | undefined } | undefined = undefined;
  readonly #requests: Request<L>[] = [];

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
    return new Promise((resolve, reject) => {
      if (limits.signal?.aborted === true) {
        reject(limits.signal.reason as Error);
        return;
      }
      if (acquire !== undefined && this.#knows(acquire)) {
        reject(
          new FenceError('EALREADY', `${this.#name}: its AcquireContext has this lock, or has asked for it`),
        );
        return;
      }
      const lock = this.tryTake(acquire);
      if (lock !== undefined) resolve(lock);
      else if (limits.timeoutMs === 0) reject(this.late('now'));
      else this.#enter(new Request(this, acquire, resolve, reject), limits);
    });
  }

  /** The holder is done; the next one has the lock before this returns. */
  release(lock: L): void {
    this.#holder?.acquire?._held.delete(lock);
    this.#holder = undefined;
    const [next] = this.#requests;
    if (next === undefined) return;
    next.leave();
    next.grant(this.#take(next.acquire));
  }

  remove(request: Request<L>): void {
    const place = this.#requests.indexOf(request);
    if (place >= 0) this.#requests.splice(place, 1);
  }

  /** Whether an older transaction holds the lock, or will get it before `request`. */
  isBehindOlder(request: Request<L>): boolean {
    if (isOlder(this.#holder?.acquire, request.acquire)) return true;
    // Older ones never stand behind it.
    return this.#requests.some(({ acquire }) => isOlder(acquire, request.acquire));
  }

  late(when: string): FenceError {
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
    return this.#holder?.acquire === acquire || this.#requests.some((other) => other.acquire === acquire);
  }

  /** Queues a request at its place; who may not wait there, or no longer there, is refused. */
  #enter(request: Request<L>, limits: Limits): void {
    const { acquire } = request;
    let place = this.#requests.length;
    for (let at = place - 1; at >= 0; at--) {
      const other = this.#requests[at]?.acquire;
      if (other === undefined) continue;
      if (!isOlder(acquire, other)) break;
      place = at;
    }
    this.#requests.splice(place, 0, request);
    request.begin(limits);
    if (acquire !== undefined && acquire._held.size > 0 && request.behindOlder) {
      request.die();
      return;
    }
    for (const other of [...this.#requests]) {
      if (isOlder(acquire, other.acquire) && (other.acquire?._held.size ?? 0) > 0) other.die();
    }
  }
}
