import type { FenceOps } from './context.js';
import { FenceError } from '../error.js';
import { label } from './names.js';
import { Failure } from './failure.js';
import { failWith, inTurn, OWES_NOTHING, stamp, type Fence } from './fence.js';
import { attempt, reportCallbackError, warn } from '../report.js';
import { tracers } from '../tracer/installed.js';

/** What is left to do at the last put of a fence, where there is anything. */
export function tearDown(fence: Fence): void {
  if (!fence.signaled) abandon(fence);
  // After the callbacks, also where these are still due.
  inTurn(() => {
    const { data, context } = fence;
    if (data !== undefined && data !== null) dispose(fence, data);
    if (context._ops !== undefined) tellRelease(fence, context._ops);
    tracers?.destroy(fence);
  });
}

/** A fence that nobody can signal any more fails, so that nobody waits for it. */
function abandon(fence: Fence): void {
  if ((fence._flags & OWES_NOTHING) !== 0 && fence._callbacksOrResult === undefined) {
    fence.context._pending--;
    return;
  }
  const message = `${label(fence)}: its last reference was put while it was pending: it fails with EDEADLK; signal or fail it before`;
  warn(message, fence);
  failWith(fence, new Failure(new FenceError('EDEADLK', message), stamp(fence, undefined)));
}

function dispose(fence: Fence, data: Partial<Disposable>): void {
  // Asking whether it has a disposer may throw as well.
  try {
    if (typeof data[Symbol.dispose] === 'function') data[Symbol.dispose]?.();
  } catch (error) {
    reportCallbackError(error, fence);
  }
}

function tellRelease(fence: Fence, ops: FenceOps): void {
  if (ops.release !== undefined) attempt(fence, () => ops.release?.(fence), 'release');
}
