import type { Tracers } from './tracer.js';

/**
 * The installed tracers; undefined while there is none, so that the hot paths test one variable.
 *
 * Only this variable is in every bundle: what fills it comes with `addFenceTracer`.
 */
export let tracers: Tracers | undefined;

/** Sets it; the caller tells the hot paths, see `observe`. */
export function setTracers(next: Tracers | undefined): void {
  tracers = next;
}
