import { format, inspect, isDeepStrictEqual } from 'node:util';

/** Passes a value on if it is the one that the comment beside it claims. */
export function claim<T>(value: T, claimed: unknown): T {
  if (!isDeepStrictEqual(value, claimed)) {
    throw new Error(`the comment says ${inspect(claimed)}, but the value is ${inspect(value)}`);
  }
  return value;
}

/** The same for what `console.log` would print. */
export function claimPrinted(values: readonly unknown[], claimed: string): void {
  claim(format(...values), claimed);
}
