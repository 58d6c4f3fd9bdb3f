import { forward, type Active, type Method } from './forward.js';

/** What we use of a `LockManager`: `navigator.locks`, and Node's `worker_threads.locks`. */
interface LockManagerLike {
  request(name: string, ...rest: unknown[]): Promise<unknown>;
}

interface LockOptions {
  readonly mode?: string;
  readonly ifAvailable?: boolean;
  readonly steal?: boolean;
}

/** So many names are classes of their own; programs that make names up as they go must not be remembered for ever. */
const MANY_NAMES = 1_000;

/** Web Locks: each name is a lock, and a class; beyond a thousand names, `name` is the class of the others. */
export function wrapWebLocks<L extends object>(manager: L, name: string, active: Active): L {
  const target = manager as unknown as LockManagerLike;
  const locks = new Map<string, object>();

  function lockOf(lockName: string): { name: string; lock: object } {
    let lock = locks.get(lockName);
    if (lock === undefined) {
      if (locks.size === MANY_NAMES) return { name, lock: {} };
      locks.set(lockName, (lock = {}));
    }
    return { name: lockName, lock };
  }

  const request: Method = (...args) => {
    const checker = active();
    const [lockName, ...rest] = args as [string, ...unknown[]];
    const work = rest.at(-1);
    if (checker === undefined || typeof lockName !== 'string' || typeof work !== 'function') {
      return target.request(lockName, ...rest);
    }
    const [options] = rest as [LockOptions | undefined];
    const tried = options?.ifAvailable === true || options?.steal === true;
    const { name: className, lock } = lockOf(lockName);
    return checker.locks.requestRun(
      {
        name: className,
        // Two that share a lock do not exclude each other.
        lock: options?.mode === 'shared' ? {} : lock,
        transaction: undefined,
        kind: tried ? 'tried' : 'promised',
      },
      (holding) =>
        target.request(lockName, ...rest.slice(0, -1), (granted: unknown): unknown => {
          const run = (): unknown => (work as (lock: unknown) => unknown)(granted);
          // Null: it was not to be had.
          return granted === null ? run() : holding(run);
        }),
    );
  };
  return forward(manager, { request });
}
