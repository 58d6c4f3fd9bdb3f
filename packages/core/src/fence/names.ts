import type { DmaFenceContext } from './context.js';
import { unfit } from '../error.js';
import type { Fence } from './fence.js';

/** `driver:timeline:id`, the beginning of its fences' names. */
export function nameOf({ driverName, timelineName, id }: DmaFenceContext): string {
  return `${driverName}:${timelineName}:${String(id)}`;
}

/** How messages name a fence. */
export function label(fence: Fence): string {
  return `fence ${fence.name}`;
}

/** Checks what joins a fence's name. */
export function checkName(what: string, name: string): void {
  if (typeof name !== 'string' || !/^[^:\u0000-\u001f\u007f-\u009f]+$/.test(name)) {
    throw unfit(
      `DmaFenceContext: ${what}`,
      "a string, not empty, without ':' (it joins names) and control characters",
      name,
    );
  }
}
