import { unfit } from '../error.js';
import { nameOfWho, type Who } from '../wait/who.js';

/**
 * The meaning of a fence in a reservation, strongest first. A query for a usage includes all stronger ones.
 *
 * - `KERNEL`: memory is being moved or cleared. All users wait for it.
 * - `WRITE`: a writer. Readers and writers wait for it.
 * - `READ`: a reader. Only writers wait for it.
 * - `BOOKKEEP`: not part of implicit synchronisation. Only code that frees or moves the memory waits for it.
 *
 * Kernel: `enum dma_resv_usage`.
 *
 * @example Who waits for what
 * ```ts
 * import { type DmaReservation, FenceUsage } from '@dma-fence/core';
 *
 * const beforeReading = (buffer: DmaReservation): Promise<void> => buffer.wait(FenceUsage.WRITE);
 * const beforeWriting = (buffer: DmaReservation): Promise<void> => buffer.wait(FenceUsage.READ);
 * ```
 */
export const FenceUsage = { KERNEL: 0, WRITE: 1, READ: 2, BOOKKEEP: 3 } as const;

/**
 * One of the values of `FenceUsage`.
 *
 * @example A job that says how it uses its buffers
 * ```ts
 * import type { DmaReservation, FenceUsage } from '@dma-fence/core';
 *
 * interface Job {
 *   readonly buffers: readonly { buffer: DmaReservation; usage: FenceUsage }[];
 * }
 * ```
 */
export type FenceUsage = (typeof FenceUsage)[keyof typeof FenceUsage];

/** The name of a usage. */
export type UsageName = keyof typeof FenceUsage;

const NAMES: readonly UsageName[] = ['KERNEL', 'WRITE', 'READ', 'BOOKKEEP'];

/** `WRITE` for 1, and so on. */
export function usageName(usage: FenceUsage): UsageName {
  return NAMES[usage] as UsageName;
}

/** Checks a usage; `who` begins the error message. */
export function checkUsage(who: Who, usage: FenceUsage): void {
  if (!Number.isInteger(usage) || usage < FenceUsage.KERNEL || usage > FenceUsage.BOOKKEEP) {
    throw unfit(`${nameOfWho(who)}: usage`, 'one of FenceUsage', usage);
  }
}

/** What somebody who wants to read, or to write, must wait for. Kernel: `dma_resv_usage_rw`. */
export function usageBefore(who: string, access: 'read' | 'write'): FenceUsage {
  switch (access) {
    case 'read':
      return FenceUsage.WRITE;
    case 'write':
      return FenceUsage.READ;
    default:
      throw unfit(`${who}: access`, "'read' or 'write'", access);
  }
}
