import type { DmaFenceContext } from '../fence/context.js';
import type { FenceSummary } from '../fence/dma-fence.js';
import type { Fence } from '../fence/fence.js';
import { giveBack, hold, isOver } from '../fence/held.js';
import { usageName, type FenceUsage, type UsageName } from './fence-usage.js';

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

  /** Adds a fence, with a reference that is handed over. Kernel: `dma_resv_add_fence`. */
  add(fence: Fence, usage: FenceUsage): void {
    if (this.#replaceEarlier(fence, usage)) return;
    this.#trim();
    // Trimming runs foreign code, which may have added one that this fence replaces.
    if (!this.#replaceEarlier(fence, usage)) this.#append(fence, usage);
  }

  #replaceEarlier(fence: Fence, usage: FenceUsage): boolean {
    const same = this.#byContext.get(fence.context);
    const replaced = same?.find((slot) => slot.usage >= usage && fence.seqno >= slot.fence.seqno);
    if (replaced === undefined) return false;
    const before = replaced.fence;
    replaced.fence = fence;
    replaced.usage = usage;
    giveBack(before);
    return true;
  }

  /** Whether there is a fence of a context. */
  has(context: DmaFenceContext): boolean {
    return this.#byContext.has(context);
  }

  /**
   * Puts other slots, whose references are handed over, in the place of all of a context, or of all there are. It is one
   * change: who looks on while old references are put sees all of it.
   */
  replace(context: DmaFenceContext | undefined, slots: readonly Slot[]): void {
    const old = [...(context === undefined ? this.#slots : (this.#byContext.get(context) ?? []))];
    if (context === undefined) this.#byContext.clear();
    else this.#byContext.delete(context);
    for (const slot of old) this.#slots.delete(slot);
    for (const { fence, usage } of slots) this.#append(fence, usage);
    for (const { fence } of old) giveBack(fence);
  }

  clear(): void {
    this.replace(undefined, []);
  }

  /** What is there, for people; only looked at. */
  summary(): (FenceSummary & { usage: UsageName })[] {
    return [...this.#slots].map(({ fence, usage }) => ({ ...fence.toJSON(), usage: usageName(usage) }));
  }

  #append(fence: Fence, usage: FenceUsage): void {
    const slot: Slot = { fence, usage };
    this.#slots.add(slot);
    const same = this.#byContext.get(fence.context);
    if (same === undefined) this.#byContext.set(fence.context, [slot]);
    else same.push(slot);
  }

  /** Whether a fence with that usage or a stronger one is pending, exporters asked until there is one. */
  isPending(usage: FenceUsage): boolean {
    for (const { fence, usage: own } of this.#slots) {
      if (own > usage || fence.signaled) continue;
      hold(fence);
      const over = isOver(fence);
      giveBack(fence);
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
      hold(fence);
      if (isOver(fence)) giveBack(fence);
      else pending.push({ fence, usage: own });
    }
    // Asking the later ones may have signaled earlier ones.
    return pending.filter(({ fence }) => {
      if (fence.signaled) giveBack(fence);
      return !fence.signaled;
    });
  }

  /** Drops what is over: at the beginning two slots for each that comes, and all of it when there may be twice as many. */
  #trim(): void {
    this.#drop(this.#oldest());
    if (this.#slots.size < this.#limit) return;
    const slots = [...this.#slots];
    // Asking one may replace or drop another.
    for (const slot of slots) if (this.#slots.has(slot)) isOver(slot.fence);
    this.#drop(slots);
    this.#limit = 2 * this.#slots.size + FEW;
  }

  #oldest(): Slot[] {
    const over: Slot[] = [];
    for (const slot of this.#slots) {
      if (over.length === 2 || !slot.fence.signaled) break;
      over.push(slot);
    }
    return over;
  }

  /** Takes slots out first, then puts their fences, which may run anything. */
  #drop(slots: readonly Slot[]): void {
    const dropped = slots.filter((slot) => this.#slots.has(slot) && slot.fence.signaled);
    for (const slot of dropped) {
      this.#slots.delete(slot);
      const same = this.#byContext.get(slot.fence.context);
      if (same?.length === 1) this.#byContext.delete(slot.fence.context);
      else if (same !== undefined) same.splice(same.indexOf(slot), 1);
    }
    for (const { fence } of dropped) giveBack(fence);
  }
}
