import type { FenceCallback } from '../fence/callback.js';
import { Container, containerContext, finish, isContainer } from './container.js';
import { firstFailure } from '../fence/first-failure.js';
import { Holds, passOnWaits } from './holds.js';
import { checkOptions, invalid, unfit } from '../error.js';
import type { DmaFence } from '../fence/dma-fence.js';
import { attachCore } from '../fence/attachment.js';
import { createIn, enable, isFence, OWES_NOTHING, type Fence } from '../fence/fence.js';
import { giveBack, isOver } from '../fence/held.js';
import { tracers } from '../tracer/installed.js';
import { fencesOf } from '../fence/arguments.js';

/**
 * Options of an array.
 *
 * @example One of several copies is enough
 * ```ts
 * import type { FenceArrayOptions } from '@dma-fence/core';
 *
 * const options: FenceArrayOptions = { mode: 'any' };
 * ```
 */
export interface FenceArrayOptions {
  /** `all`, the default: the array signals with the last member. `any`: with the first one. */
  mode?: 'all' | 'any' | undefined;
}

/**
 * The state of one array: its context's ops, so that the fence itself stays a fence like any other.
 *
 *     array fence ── context ── ops: this ── members ── once armed, a record on each, whose data is this
 */
class ArrayOps extends Container {
  readonly members: readonly Fence[];
  readonly any: boolean;
  /** The fence while it is armed, with a reference: it cannot be released while its members may call back. */
  #armed: Fence | undefined = undefined;
  /** Armed in mode `all`: how many members are pending, and one for the arming itself. */
  #left = 0;
  /** While armed, what hangs on the members: in mode `any` it is taken off the losers. */
  #records: FenceCallback<ArrayOps>[] | undefined = undefined;
  #holds: Holds | undefined = undefined;

  constructor(members: readonly Fence[], any: boolean) {
    super();
    this.members = members;
    this.any = any;
  }

  /** The first callback or wait: hangs itself on every member that is pending. */
  enableSignaling(fence: Fence): boolean {
    this.#armed = fence.get();
    if (this.any) this.#armAny();
    else this.#armAll();
    return true;
  }

  /** A poll: members that nobody has asked yet are asked. */
  isSignaled(fence: Fence): boolean {
    const over = this.any ? this.members.some(isOver) : this.members.every(isOver);
    // Armed, it lets go of its members when the notification comes, in the same turn.
    if (over) finish(fence, firstFailure(this.members));
    return over;
  }

  setDeadline(_fence: Fence, deadline: number): void {
    for (const member of this.members) if (!member.signaled) member.setDeadline(deadline);
  }

  release(): void {
    this.disarm();
    for (const member of this.members) giveBack(member);
  }

  _members(): readonly Fence[] {
    return this.members;
  }

  waiting(_fence: Fence, change: 1 | -1): void {
    (this.#holds ??= new Holds()).change(change, () => this.members);
  }

  /** A member of an `all` array has signaled, or the arming is done. */
  countDown(): void {
    if (--this.#left === 0) this.complete();
  }

  #armAll(): void {
    const records: FenceCallback<ArrayOps>[] = (this.#records = []);
    this.#left = this.members.length + 1;
    for (const member of this.members) {
      if (enable(member)) records.push(attachCore(member, countDown, this as ArrayOps));
      else this.#left--;
    }
    this.countDown();
  }

  #armAny(): void {
    const records: FenceCallback<ArrayOps>[] = (this.#records = []);
    for (const member of this.members) {
      if (!enable(member)) {
        this.complete();
        return;
      }
      // Enabling one member may have signaled another.
      if (this.#armed === undefined) return;
      records.push(attachCore(member, completeAny, this as ArrayOps));
    }
  }

  /** Takes itself off the members; answers whether it was armed, and so whether its own reference is to be put. */
  disarm(): boolean {
    const armed = this.#armed !== undefined;
    this.#armed = undefined;
    for (const record of this.#records ?? []) record[Symbol.dispose]();
    this.#records = undefined;
    return armed;
  }

  complete(): void {
    const fence = this.#armed;
    // A poll was faster than the notification.
    if (fence === undefined) return;
    this.disarm();
    finish(fence, firstFailure(this.members));
    giveBack(fence);
  }
}

function countDown(_fence: DmaFence, { data }: FenceCallback<ArrayOps>): void {
  data.countDown();
}

function completeAny(_fence: DmaFence, { data }: FenceCallback<ArrayOps>): void {
  data.complete();
}

/**
 * Bundles fences into one that signals when all of them have signaled, or any of them.
 *
 * The array takes a reference to each member, and puts it when the array is released. Until the first callback or wait, only
 * `poll()` brings the array up to date. From then on it completes inside the `signal()` of the deciding member. If a member has
 * failed by then, the array fails with the error of that member: the first one in the order of signalling. No error is lost.
 *
 * @param fences the members, kept in order in `data`. A fence may be in it more than once, and counts each time. Without
 * members, the array has signaled at once.
 * @param options `mode`: `all` (default) or `any`.
 * @returns the array. You own it. If it is pending at its last `put`, it is dropped without a warning.
 * @throws FenceError `EINVAL` for anything but fences, and for a container among them: flatten it with `unwrapFences`,
 * or use `mergeFences`. Kernel: `dma_fence_array_create`.
 *
 * @example Two inputs, one fence
 * ```ts
 * import { DmaFenceContext, fenceArray } from '@dma-fence/core';
 *
 * const context = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
 * using color = context.createFence();
 * using depth = context.createFence();
 * using both = fenceArray([color, depth]);
 * const ready = both.wait();
 * color.signal();
 * depth.signal();
 * await ready;
 * ```
 */
export function fenceArray(
  fences: Iterable<DmaFence>,
  options: FenceArrayOptions = {},
): DmaFence<readonly DmaFence[]> {
  const list = fencesOf('fenceArray()', fences);
  checkOptions('fenceArray()', options, ['mode']);
  const { mode = 'all' } = options;
  if (!['all', 'any'].includes(mode)) {
    throw unfit('fenceArray(): mode', "'all' or 'any'", mode);
  }
  const container = list.find(isContainer);
  if (container !== undefined) {
    throw invalid(
      `fenceArray(): ${container.name} is a container, which an array cannot hold; flatten it with unwrapFences(), or use mergeFences()`,
    );
  }
  for (const fence of list) fence.get();
  return adoptArray(list, mode === 'any');
}

/** An array of plain fences whose references the caller hands over. */
export function adoptArray(members: readonly Fence[], any: boolean): Fence<readonly Fence[]> {
  const ops = new ArrayOps(Object.freeze(members), any);
  const context = containerContext('dma_fence_array', ops);
  context._lastSeqno = 1;
  const array = createIn(context, 1, members, context._flags | OWES_NOTHING);
  for (const member of members) {
    passOnWaits(context, ops, member);
    tracers?.dependency(array, member);
  }
  if (members.length === 0) array.signal();
  return array;
}

/**
 * Returns whether a fence is an array, also after it has signaled.
 *
 * @param fence any fence. For other values the result is false.
 * @returns true for the results of `fenceArray`, and of `mergeFences` and `singleton` if they contain several fences.
 * Kernel: `dma_fence_is_array`.
 *
 * @example Look inside
 * ```ts
 * import { fenceArray, isFenceArray } from '@dma-fence/core';
 *
 * using array = fenceArray([]);
 * isFenceArray(array); // true
 * ```
 */
export function isFenceArray(fence: DmaFence): boolean {
  return isFence(fence) && fence.context._ops instanceof ArrayOps;
}

/** Takes an array that nobody else knows off its members again. */
export function disarm(array: Fence): void {
  const ops = array.context._ops;
  if (ops instanceof ArrayOps && ops.disarm()) giveBack(array);
}

/** Whether a fence is an array of mode `any`. */
export function isAny(fence: Fence): boolean {
  const ops = fence.context._ops;
  return ops instanceof ArrayOps && ops.any;
}

/** The members of an array; nothing for any other fence. */
export function membersOf(fence: Fence): readonly Fence[] | undefined {
  const ops = fence.context._ops;
  return ops instanceof ArrayOps ? ops.members : undefined;
}
