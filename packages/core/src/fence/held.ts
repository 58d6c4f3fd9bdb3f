import { usedAfterRelease } from './fence-checks.js';
import { Failure } from './failure.js';
import { failWith, released, type Fence } from './fence.js';

// References that core itself holds. An extra `put()` of somebody else's may have taken any of them: that harms the fence it was
// put on, and no other. So core never calls get(), put() or poll() on a fence that it holds, but these.

/** Takes a reference of core's own, and returns the fence. */
export function hold(fence: Fence): Fence {
  return released(fence) ? fence : fence.get();
}

/**
 * Gives such a reference back.
 *
 * @consumes fence
 */
export function giveBack(fence: Fence | undefined): void {
  if (fence !== undefined && !released(fence)) fence.put();
}

/** Whether a fence that core holds is over; its exporter is asked. */
export function isOver(fence: Fence): boolean {
  if (fence.signaled) return true;
  if (!released(fence)) return fence.poll();
  // A container that was dropped while it was pending: nobody can complete it any more, so whoever rests on it must not wait.
  fence.context._pending++;
  failWith(fence, new Failure(usedAfterRelease(fence, 'wait'), undefined));
  return true;
}
