import { unfit } from './failure.js';

/**
 * What identifies a timeline everywhere: the same two names as in core.
 *
 * @example The same in every process
 * ```ts
 * import type { TimelineNames } from '@dma-fence/cluster';
 *
 * const names: TimelineNames = { driverName: 'farm', timelineName: 'frames' };
 * ```
 */
export interface TimelineNames {
  /** Who makes the fences; no ':' and no control characters. */
  driverName: string;
  /** Which of its queues; no ':' and no control characters. */
  timelineName: string;
}

/** Refuses what is no object, and keys that are no options. */
export function checkOptions(what: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) throw unfit(`${what}: options`, 'an object', options);
  for (const key in options) {
    if (!known.includes(key)) throw unfit(`${what}: each option`, `one of ${known.join(', ')}`, key);
  }
}

/** The key under which engines keep a timeline: only letters, digits, '-', '_', '=' and one '.', which every engine takes. */
export function keyOf({ driverName, timelineName }: TimelineNames): string {
  return `${escape(driverName)}.${escape(timelineName)}`;
}

function escape(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_-]/gu, (char) =>
    Array.from(new TextEncoder().encode(char), (byte) => `=${byte.toString(16).padStart(2, '0')}`).join(''),
  );
}
