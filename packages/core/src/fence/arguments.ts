import { unfit } from '../error.js';
import type { DmaFence } from './dma-fence.js';
import { usedAfterRelease } from './fence-checks.js';
import { isFence, noFence, released, type Fence } from './fence.js';

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
  for (const fence of list) {
    if (!isFence(fence)) throw noFence(`${who}: element ${String(list.indexOf(fence))}`, fence);
    if (released(fence)) throw usedAfterRelease(fence, who.replace(/\(\)$/, ''));
    flags |= fence._flags;
  }
  return { list, flags };
}
