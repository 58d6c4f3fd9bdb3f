import type { Failure } from './failure.js';
import { failure, type Fence } from './fence.js';

/** The one of two failures that came first; either may be missing. */
export function earlier(one: Failure | undefined, other: Failure | undefined): Failure | undefined {
  return other === undefined || (one !== undefined && one.order < other.order) ? one : other;
}

/** The failure that came first among fences that have failed. */
export function firstFailure(fences: readonly Fence[]): Failure | undefined {
  let first: Failure | undefined;
  for (const fence of fences) first = earlier(first, failure(fence));
  return first;
}
