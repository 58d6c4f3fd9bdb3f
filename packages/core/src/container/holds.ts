import { attachCore } from '../fence/attachment.js';
import type { FenceCallback } from '../fence/callback.js';
import type { Container } from './container.js';
import type { DmaFenceContext } from '../fence/context.js';
import type { DmaFence } from '../fence/dma-fence.js';
import type { Fence } from '../fence/fence.js';

/** Has `context` pass on who waits for its fences, once one of them rests on a fence that wants to know. */
export function passOnWaits(context: DmaFenceContext, container: Container, on: Fence | undefined): void {
  if (on?.context._backend !== undefined) context._backend = container;
}

/**
 * Carries the waits for a container down to the fences it rests on, so that their backends know exactly as long
 * as one of them is pending and somebody awaits the container. They were enabled when it was armed.
 */
export class Holds {
  #waits = 0;
  /** The backed fences that were told, and the record that hears when they are over. */
  readonly #held = new Map<Fence, FenceCallback<Holds>>();

  /** One wait more or less; `leaves` are asked for when the first one comes. */
  change(change: 1 | -1, leaves: () => Iterable<Fence>): void {
    this.#waits += change;
    if (this.#waits === 0) {
      for (const leaf of [...this.#held.keys()]) this.letGo(leaf);
    } else if (this.#waits === change) {
      for (const leaf of leaves()) this.#hold(leaf);
    }
  }

  #hold(leaf: Fence): void {
    const backend = leaf.context._backend;
    if (backend === undefined || leaf.signaled || this.#held.has(leaf)) return;
    const record = attachCore(leaf, letGo, this as Holds);
    this.#held.set(leaf, record);
    backend.waiting(leaf, 1);
  }

  letGo(leaf: Fence): void {
    const record = this.#held.get(leaf);
    if (record === undefined) return;
    this.#held.delete(leaf);
    record[Symbol.dispose]();
    leaf.context._backend?.waiting(leaf, -1);
  }
}

function letGo(leaf: DmaFence, { data }: FenceCallback<Holds>): void {
  data.letGo(leaf as Fence);
}
