import type { Capacity } from '../producer/capacity.js';
import type { Checker } from './checker.js';
import { forward, type Active, type Method } from './forward.js';
import type { Limiter } from './limiter.js';

/** What semaphores and pools of packages have in common; all but `acquire` may be missing. */
interface Slots {
  acquire(...args: unknown[]): Promise<unknown>;
  tryAcquire?(...args: unknown[]): unknown;
  release?(...args: unknown[]): unknown;
  destroy?(...args: unknown[]): unknown;
  runExclusive?: Method;
  use?: Method;
  waitForUnlock?: Method;
}

/** A slot that somebody has. */
interface Taken {
  readonly checker: Checker;
  /** What was answered for it: a resource, a token, a pair of a number and a function that gives it back. */
  readonly value: unknown;
}

/**
 * A semaphore, or a pool of resources: `async-mutex`, `async-sema`, `generic-pool`. Its `acquire` answers something, and it is given back
 * by a function in that, or by `release(value)`.
 */
export function wrapSemaphore<S extends object>(
  semaphore: S,
  capacity: Capacity,
  limiter: Limiter,
  active: Active,
): S {
  const target = semaphore as unknown as Slots;
  const taken: Taken[] = [];

  function releaseOf(one: Taken): void {
    const index = taken.indexOf(one);
    if (index < 0) return;
    taken.splice(index, 1);
    one.checker.unlocked(one);
  }

  /** The slot of that resource; of those that look alike the one of the running task, or the first. */
  function givenBack(value: unknown): void {
    const alike = taken.filter((one) => one.value === value);
    const candidates = alike.length > 0 ? alike : taken;
    const own = candidates.findLast((one) => one.checker.locks.isOwn(one)) ?? candidates[0];
    if (own !== undefined) releaseOf(own);
  }

  /** What the caller gets: what gives the slot back says so. */
  function handOut(one: Taken): unknown {
    const { value } = one;
    if (!Array.isArray(value) || typeof value[1] !== 'function') return value;
    const [first, release] = value as [unknown, () => void];
    return [
      first,
      () => {
        releaseOf(one);
        release();
      },
    ];
  }

  const request = {
    name: capacity.name,
    lock: undefined,
    transaction: undefined,
    capacity,
  };

  async function acquire(...args: unknown[]): Promise<unknown> {
    const checker = active();
    if (checker === undefined) return target.acquire(...args);
    const one = await checker.locks.request({ ...request, kind: 'promised' }, async () => {
      const value: unknown = await target.acquire(...args);
      return { checker, value };
    });
    taken.push(one);
    return handOut(one);
  }

  function tryAcquire(...args: unknown[]): unknown {
    const value = target.tryAcquire?.(...args);
    const checker = active();
    if (value === undefined || checker === undefined) return value;
    const one = { checker, value };
    checker.locks.tryLocked({ ...request, kind: 'tried' }, one);
    taken.push(one);
    return handOut(one);
  }

  const replaced: Record<string, unknown> = { acquire };
  if (target.tryAcquire !== undefined) replaced['tryAcquire'] = tryAcquire;
  for (const name of ['release', 'destroy'] as const) {
    if (typeof target[name] !== 'function') continue;
    replaced[name] = (...args: unknown[]) => {
      givenBack(args[0]);
      return target[name]?.(...args);
    };
  }
  for (const name of ['runExclusive', 'use'] as const) {
    const method = target[name];
    if (typeof method === 'function') {
      replaced[name] = limiter.taking((...args) => method.apply(target, args));
    }
  }
  const { waitForUnlock } = target;
  if (waitForUnlock !== undefined) {
    replaced['waitForUnlock'] = limiter.waiting((...args) => waitForUnlock.apply(target, args), 'a slot');
  }
  return forward(semaphore, replaced);
}
