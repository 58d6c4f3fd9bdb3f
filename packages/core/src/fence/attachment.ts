import {
  coreCallback,
  type AnyFenceCallback,
  type CallbackEntry,
  type CallbackFunction,
  FenceCallback,
} from './callback.js';
import type { CallbackBlock, CallbackList } from './callback-list.js';
import { refused } from './fence-checks.js';
import { unfit } from '../error.js';
import { attach, checkHeld, enable, MANY, callUser, type Fence } from './fence.js';
import { label } from './names.js';
import { tracers } from '../tracer/installed.js';

/** `addCallback` where there is more to do than to hang a function. */
export function add(fence: Fence, callback: CallbackFunction | AnyFenceCallback): boolean {
  checkHeld(fence, 'addCallback');
  if (typeof callback !== 'function') checkFree(fence, callback);
  if (!enable(fence)) return false;
  if (typeof callback !== 'function') {
    // Its exporter may have added it meanwhile.
    checkFree(fence, callback);
    callback._fence = fence;
  }
  // A record of a producer's own, see `producerRecord`, is no more told of than core's.
  if (tracers === undefined || (callback as Partial<AnyFenceCallback>)._traced === false) {
    attach(fence, callback);
    return true;
  }
  const entry = announce(fence, callback);
  if (!fence.signaled) {
    attach(fence, entry);
    return true;
  }
  // A tracer has asked the exporter, and it is over.
  if (typeof callback !== 'function') callback._fence = undefined;
  return false;
}

/** A record must be one of ours and free. */
function checkFree(fence: Fence, callback: AnyFenceCallback): void {
  if (!(callback instanceof FenceCallback)) {
    throw unfit(`${label(fence)}: callback of addCallback()`, 'a function or a FenceCallback', callback);
  }
  if (callback._fence !== undefined) {
    throw refused(
      fence,
      `this FenceCallback hangs on ${callback._fence.name}; remove it there, or use another`,
    );
  }
}

/** Tells tracers of a callback that is being added; answers what is to hang on the fence, with what they want back. */
function announce(fence: Fence, callback: CallbackFunction | AnyFenceCallback): CallbackEntry {
  const tokens = tracers?.callbackAdded(fence);
  if (typeof callback !== 'function') {
    callback._traced = tokens ?? true;
    return callback;
  }
  if (tokens === undefined) return callback;
  return hung(
    fence,
    coreCallback(() => {
      callUser(fence, callback, tokens);
    }, undefined),
  );
}

/** A record that is about to hang on `fence`. */
function hung(fence: Fence, record: AnyFenceCallback): AnyFenceCallback {
  record._fence = fence;
  return record;
}

/** Hangs a record of core's own on a pending, enabled fence. */
export function attachCore<D>(fence: Fence, run: FenceCallback<D>['run'], data: D): FenceCallback<D> {
  const record = coreCallback(run, data);
  attach(fence, hung(fence, record));
  return record;
}

/** Takes off a pending fence what hangs there alone, or first, and has no record. Returns whether it was there. */
export function detachEntry(fence: Fence, entry: CallbackEntry): boolean {
  if (fence._callbacksOrResult === entry) {
    bare(fence);
    return true;
  }
  const first = listOf(fence)?.first;
  if (first?.entries[0] !== entry) return false;
  removeAt(fence, first, 0);
  return true;
}

function removeAt(fence: Fence, block: CallbackBlock, index: number): void {
  block.entries[index] = undefined;
  if (++block.holes < block.used) return;
  // None is there where the signal has detached it: who walks it passes over holes.
  if (listOf(fence)?.drop(block) === true) bare(fence);
}

/** Takes a pending record off `fence`, also while the detached list is being run. */
export function detach(fence: Fence, record: AnyFenceCallback): void {
  const block = record._block;
  record._fence = undefined;
  record._block = undefined;
  if (typeof record._traced === 'object') record._traced = true;
  if (block === undefined) {
    if (fence._callbacksOrResult === record) bare(fence);
    return;
  }
  removeAt(fence, block, record._index);
}

/** The list of a pending fence that has one. */
function listOf(fence: Fence): CallbackList | undefined {
  return (fence._flags & MANY) === 0 ? undefined : (fence._callbacksOrResult as CallbackList);
}

/** Nothing hangs on a pending fence any more. */
function bare(fence: Fence): void {
  fence._callbacksOrResult = undefined;
  fence._flags &= ~MANY;
}
