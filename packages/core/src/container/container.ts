import type { Backend, ContainerOps, DmaFenceContext } from '../fence/context.js';
import type { DmaFence, DriverFence } from '../fence/dma-fence.js';
import { closedContext } from '../fence/closed-context.js';
import type { Failure } from '../fence/failure.js';
import { failWith, released, type Fence } from '../fence/fence.js';

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

/** Completes a container with the failure of one of its members, kept as it is; with none, as a success. */
export function finish(container: Fence, failure: Failure | undefined): void {
  if (container.signaled || released(container)) return;
  if (failure === undefined) container.signal();
  else failWith(container, failure);
}
