import type { DmaFenceContext } from '../fence/context.js';
import { released, type Fence } from '../fence/fence-state.js';
import type { FenceUsage } from './fence-usage.js';

/** A fence in a reservation, with a reference. */
interface Slot {
  fence: Fence;
  usage: FenceUsage;
}

/** How many slots a reservation has before it looks for some to drop. */
const FEW = 8;

/**
 * The fences of a reservation, in the order they came.
 *
 * A fence takes the place of an earlier one of its context with the same or a weaker usage: fences of one context signal in
 * order, so that who waits for the later one need not wait for the earlier. Signaled ones go when the list may have doubled.
 */
export class FenceSlots {
  readonly #slots = new Set<Slot>();
  /** The same slots by context, so that adding does not cost more the more there are. */
  readonly #byContext = new Map<DmaFenceContext, Slot[]>();
  #limit = FEW;

  /** Kernel: `dma_resv_add_fence`. */
  add(fence: Fence, usage: FenceUsage): void {
    const same = this.#byContext.get(fence.context);
    const replaced = same?.find((slot) => slot.usage >= usage && fence.seqno >= slot.fence.seqno);
    if (replaced === undefined) {
      this.append(fence, usage);
      return;
    }
    const before = replaced.fence;
    replaced.fence = fence.get();
    replaced.usage = usage;
    before.put();
  }

  /** Adds a fence beside all that are there; of those that are over, the oldest go for it. */
  append(fence: Fence, usage: FenceUsage): void {
    this.#dropOldest();
    if (this.#slots.size >= this.#limit) {
      this.#dropSignaled();
      this.#limit = 2 * this.#slots.size + FEW;
    }
    const slot: Slot = { fence: fence.get(), usage };
    this.#slots.add(slot);
    const same = this.#byContext.get(fence.context);
    if (same === undefined) this.#byContext.set(fence.context, [slot]);
    else same.push(slot);
  }

  /** Drops everything of a context, signaled or not; answers whether there was anything. */
  dropContext(context: DmaFenceContext): boolean {
    const same = this.#byContext.get(context);
    if (same !== undefined) this.#remove([...same]);
    return same !== undefined;
  }

  clear(): void {
    this.#remove([...this.#slots]);
  }

  /** Whether a fence with that usage or a stronger one is pending, exporters asked until there is one. */
  isPending(usage: FenceUsage): boolean {
    for (const { fence, usage: own } of this.#slots) {
      if (own > usage || fence.signaled) continue;
      fence.get();
      const over = fence.poll();
      fence.put();
      if (!over) return true;
    }
    return false;
  }

  /** The pending fences with that usage or a stronger one, their exporters asked, each with a new reference. */
  pending(usage: FenceUsage): Fence[] {
    return this.pendingSlots(usage).map(({ fence }) => fence);
  }

  pendingSlots(usage: FenceUsage): Slot[] {
    const pending: Slot[] = [];
    for (const { fence, usage: own } of this.#slots) {
      if (own > usage) continue;
      fence.get();
      if (fence.poll()) fence.put();
      else pending.push({ fence, usage: own });
    }
    // Asking the later ones may have signaled earlier ones.
    return pending.filter(({ fence }) => {
      if (fence.signaled) fence.put();
      return !fence.signaled;
    });
  }

  /** Drops what is known to be over at the beginning, at most two slots for each that comes. */
  #dropOldest(): void {
    const over: Slot[] = [];
    for (const slot of this.#slots) {
      if (over.length === 2 || !slot.fence.signaled) break;
      over.push(slot);
    }
    if (over.length > 0) this.#remove(over);
  }

  #dropSignaled(): void {
    const slots = [...this.#slots];
    for (const { fence } of slots) {
      // Asking one may replace or drop another.
      if (!released(fence)) fence.poll();
    }
    this.#remove(slots.filter(({ fence }) => fence.signaled));
  }

  /** Takes slots out first, then puts their fences, which may run anything. */
  #remove(slots: readonly Slot[]): void {
    const fences: Fence[] = [];
    for (const slot of slots) {
      if (!this.#slots.delete(slot)) continue;
      fences.push(slot.fence);
      const same = this.#byContext.get(slot.fence.context);
      if (same?.length === 1) this.#byContext.delete(slot.fence.context);
      else if (same !== undefined) same.splice(same.indexOf(slot), 1);
    }
    for (const fence of fences) fence.put();
  }
}
