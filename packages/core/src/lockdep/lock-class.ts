import { describe, invalid } from '../error.js';

/**
 * A class of locks. The validator applies what it learns of one lock to all locks of the class.
 *
 * Stands for the kernel's `lock_class_key`. `lockdep.classOf(name)` creates it, and returns the same object for the same name.
 *
 * @example Name a lock of one's own
 * ```ts
 * import { lockdep, type LockClass } from '@dma-fence/core/lockdep';
 *
 * const cacheLock: LockClass = lockdep.classOf('cache');
 * lockdep.classOf('cache') === cacheLock; // true
 * ```
 */
export interface LockClass {
  /** Its name in reports. */
  readonly name: string;
}

const classes = new Map<string, LockClass>();

/** The class of that name. */
export function classOf(name: string): LockClass {
  if (typeof name !== 'string' || name === '') {
    throw invalid(`lockdep.classOf() takes the name of a lock, not ${describe(name)}`);
  }
  let found = classes.get(name);
  if (found === undefined) classes.set(name, (found = Object.freeze({ name })));
  return found;
}

/** Refuses what `classOf` did not make. */
export function checkClass(call: string, value: LockClass): void {
  if (typeof value !== 'object' || (value as unknown) === null || classes.get(value.name) !== value) {
    throw invalid(`lockdep.${call}() takes a class from lockdep.classOf(name), not ${describe(value)}`);
  }
}
