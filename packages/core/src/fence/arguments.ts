import { unfit, type FenceError } from '../error.js';
import type { DmaFence } from './dma-fence.js';
import { usedAfterRelease } from './fence-checks.js';
import { Fence, isFence, noFence, released } from './fence.js';

/** A fence in use as an argument; `who` begins the error message. */
export function fenceOf(who: string, fence: DmaFence): Fence {
  if (!isFence(fence)) throw noFence(`${who}: what it takes`, fence);
  if (released(fence)) throw usedAfterRelease(fence, who.replace(/\(\)$/, ''));
  return fence;
}

/** The fences of an argument; anything else in it is refused before anything has changed. */
export function fencesOf(who: string, fences: Iterable<DmaFence>): Fence[] {
  return survey(who, fences).list;
}

/** The same, and all flags that any of them has: one look at each tells what most waits have to know. */
export function survey(who: string, fences: Iterable<DmaFence>): { list: Fence[]; flags: number } {
  if (typeof (fences as Partial<Iterable<DmaFence>> | undefined)?.[Symbol.iterator] !== 'function') {
    throw unfit(`${who}: fences`, 'iterable', fences);
  }
  const list = (Array.isArray(fences) ? fences.slice() : [...fences]) as Fence[];
  let flags = 0;
  let good = 0;
  try {
    for (const fence of list) {
      // Not `isFence`, whose `try` costs more than the rest of this loop.
      if (!(fence instanceof Fence) || released(fence)) break;
      flags |= fence._flags;
      good++;
    }
  } catch {
    // A revoked proxy throws at the question.
  }
  if (good < list.length) throw unusable(who, list, good);
  return { list, flags };
}

/** Why an element is refused. */
function unusable(who: string, list: readonly Fence[], index: number): FenceError {
  const value: unknown = list[index];
  return isFence(value)
    ? usedAfterRelease(value, who.replace(/\(\)$/, ''))
    : noFence(`${who}: element ${String(index)}`, value);
}
