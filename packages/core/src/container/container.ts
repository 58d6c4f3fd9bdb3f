import type { FenceCallback } from '../fence/callback.js';
import type { Backend, ContainerOps, DmaFenceContext } from '../fence/context.js';
import type { DmaFence, DriverFence } from '../fence/fence.js';
import { attachCore } from '../fence/attachment.js';
import type { Failure } from '../fence/failure.js';
import { failure, failWith, released, type Fence } from '../fence/fence-state.js';
import { closedContext } from '../fence/stub.js';

/**
 * What arrays and chains are to the state machine: exporters whose hardware is other fences.
 *
 * They are told from all other fences by their context's ops being one of these.
 */
export abstract class Container implements ContainerOps, Backend {
  abstract enableSignaling(fence: DriverFence): boolean;
  abstract isSignaled(fence: DriverFence): boolean;
  abstract setDeadline(fence: DriverFence, deadline: number): void;
  abstract release(fence: DriverFence): void;
  abstract waiting(fence: Fence, change: 1 | -1): void;
  abstract _members(fence: Fence): readonly Fence[];
}

/** Whether `fence` is an array or a chain. Kernel: `dma_fence_is_container`. */
export function isContainer(fence: DmaFence): boolean {
  return fence.context._ops instanceof Container;
}

/** A context whose fences others complete. */
export function containerContext(driverName: string, container: Container): DmaFenceContext {
  return closedContext(
    driverName,
    `createFence() has no place on a context of ${driverName}; make a context of your own`,
    container,
  );
}

/** Has `context` pass on who waits for its fences, once one of them rests on a fence that wants to know. */
export function passOnWaits(context: DmaFenceContext, container: Container, on: Fence | undefined): void {
  if (on?.context._backend !== undefined) context._backend = container;
}

/** The one of two failures that came first; either may be missing. */
export function earlier(one: Failure | undefined, other: Failure | undefined): Failure | undefined {
  return other === undefined || (one !== undefined && one.order < other.order) ? one : other;
}

/** The failure that came first among fences that have failed. */
export function earliest(fences: readonly Fence[]): Failure | undefined {
  let first: Failure | undefined;
  for (const fence of fences) first = earlier(first, failure(fence));
  return first;
}

/** Completes a container with the failure of one of its members, kept as it is; with none, as a success. */
export function finish(container: Fence, failure: Failure | undefined): void {
  if (container.signaled || released(container)) return;
  if (failure === undefined) container.signal();
  else failWith(container, failure);
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
