import type { Backend } from './context.js';
import type { Fence } from './fence.js';
import { attempt } from '../report.js';

/** Counts the waits for each fence of a context, and tells its `ops.awaited` of the first and of the last. */
export class WaitCount implements Backend {
  readonly #waits = new Map<Fence, number>();

  waiting(fence: Fence, change: 1 | -1): void {
    const before = this.#waits.get(fence) ?? 0;
    const now = before + change;
    if (now === 0) this.#waits.delete(fence);
    else this.#waits.set(fence, now);
    if (before === 0 || now === 0) attempt(fence, () => fence.context._ops?.awaited?.(fence, now), 'awaited');
  }
}
