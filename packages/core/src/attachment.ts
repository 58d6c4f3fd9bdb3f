import {
  CallbackList,
  coreCallback,
  type AnyFenceCallback,
  type CallbackEntry,
  type CallbackFunction,
  type FenceCallback,
} from './callback.js';
import { checkFree } from './fence-checks.js';
import { attach, checkHeld, enable, runUser, type Fence } from './fence-state.js';
import { tracers } from './tracing.js';
import type { Waiter } from './waiter.js';

/** `addCallback` where there is more to do than to hang a function. */
export function add(fence: Fence, callback: CallbackFunction | AnyFenceCallback): boolean {
  checkHeld(fence, 'addCallback');
  if (typeof callback !== 'function') checkFree(fence, callback);
  if (!enable(fence)) return false;
  if (typeof callback !== 'function') callback._fence = fence;
  attach(fence, tracers === undefined ? callback : announce(fence, callback));
  return true;
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
      runUser(fence, callback, tokens);
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

/** Takes a waiter off a pending fence: it stands there alone, or first. Answers whether it was there. */
export function detachWaiter(fence: Fence, waiter: Waiter): boolean {
  const present = fence._callbacks;
  if (present === waiter) {
    fence._callbacks = undefined;
    return true;
  }
  if (!(present instanceof CallbackList) || present.entries[0] !== waiter) return false;
  removeAt(fence, present, 0);
  return true;
}

function removeAt(fence: Fence, list: CallbackList, index: number): void {
  const empty = list.removeAt(index);
  // Detached by the signal: its places must stay.
  if (fence._callbacks !== list) return;
  if (empty) fence._callbacks = undefined;
  else list.compact();
}

/** Takes a pending record off `fence`, also while the detached list is being run. */
export function detach(fence: Fence, record: AnyFenceCallback): void {
  const list = record._list;
  record._fence = undefined;
  record._list = undefined;
  if (typeof record._traced === 'object') record._traced = true;
  if (list === undefined) {
    if (fence._callbacks === record) fence._callbacks = undefined;
    return;
  }
  removeAt(fence, list, record._index);
}
