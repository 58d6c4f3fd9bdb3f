import type { Checker } from './checker.js';

/** The checker that is active when a call happens. */
export type Active = () => Checker | undefined;

/** A method of whatever is wrapped. */
export type Method = (this: unknown, ...args: unknown[]) => unknown;

/**
 * `target` with some of its methods replaced, and what it does when it is called; all else is its own.
 *
 * The proxy stands before an empty object: before the target itself it could not replace what is fixed there.
 */
export function forward<T extends object>(
  target: T,
  replaced: Readonly<Record<PropertyKey, unknown>>,
  call?: Method,
): T {
  const empty: object =
    call === undefined ? (Object.create(Reflect.getPrototypeOf(target)) as object) : () => undefined;
  return new Proxy(empty, {
    get(_, property) {
      if (Object.hasOwn(replaced, property)) return replaced[property as string];
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
    set: (_, property, value) => Reflect.set(target, property, value, target),
    has: (_, property) => Reflect.has(target, property),
    ownKeys: () => Reflect.ownKeys(target),
    getOwnPropertyDescriptor: (_, property) => {
      const descriptor = Reflect.getOwnPropertyDescriptor(target, property);
      return descriptor && { ...descriptor, configurable: true };
    },
    ...(call === undefined
      ? {}
      : { apply: (_: object, self: unknown, args: unknown[]) => call.apply(self, args) }),
  }) as T;
}
