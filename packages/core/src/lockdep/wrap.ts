import { describe, invalid } from '../error.js';
import { Capacity } from '../producer/capacity.js';
import type { Active } from './forward.js';
import { Limiter, wrapLimit, wrapQueue } from './limiter.js';
import { wrapMutex, type MutexLike } from './mutex.js';
import { wrapSemaphore } from './semaphore.js';
import { wrapWebLocks } from './web-locks.js';

/** What a lock or limiter is told by: the methods that it has. */
type Shape = Partial<Record<string, unknown>>;

/** `target` with its calls reported to whatever checker is active when they happen. */
export function wrap<T extends object>(target: T, name: string, active: Active): T {
  const has = (...methods: string[]): boolean =>
    methods.every((method) => typeof (target as Shape)[method] === 'function');
  const isObject = Object(target) === target;
  if (isObject && has('request', 'query')) return wrapWebLocks(target, name, active);
  const capacity = new Capacity(`slots of ${name}`);
  const limiter = new Limiter(capacity, name, active);
  if (typeof target === 'function') return wrapLimit(target, limiter);
  if (isObject && (has('add', 'onIdle') || has('schedule'))) return wrapQueue(target, limiter);
  if (isObject && has('acquire')) {
    const isMutex = !has('getValue') && !has('nrWaiting') && !has('destroy') && !has('use') && !has('drain');
    return isMutex
      ? (wrapMutex(target as unknown as MutexLike, name, active) as unknown as T)
      : wrapSemaphore(target, capacity, limiter, active);
  }
  throw invalid(
    `lockdep.wrap() takes a mutex or a semaphore with acquire(), a function that limits others, a queue with add() or schedule(), or Web Locks, not ${describe(target)}`,
  );
}
