import type { Settling } from './settling.js';
import type { QueueState } from './queue-state.js';

/*
 * In which order things happen, for all queues of the thread together:
 *
 *     enter ─▶ something is decided ─▶ leave: 1. fences of what was decided signal, with all that follows
 *                                             2. credits of what is over are given back
 *                                             3. outermost only: jobs begin, one after the other
 *
 * A job begins in 3, so never inside of work or of a callback that a queue runs, and however long a chain of jobs is, no call lies
 * inside another. A cascade of failures is the list of 1, which grows at its end.
 */

/** How many calls of ours are on the stack; work runs in one. */
let depth = 0;

/** So many calls inside one another settle what they decide at once; deeper, an outer one does it. */
const DEEPEST = 50;

/** What was decided in the present call, and is to be told. */
let settling: Settling[] | undefined;

/** What has been told, and has credits to give back. */
let freeing: Settling[] | undefined;

/** Queues in which something may begin. */
const kicked: QueueState[] = [];

/** Begins a call that decides something; what it returns goes to `leave`. */
export function enter(): Settling[] | undefined {
  depth++;
  if (depth > DEEPEST) return settling;
  const outer = settling;
  settling = undefined;
  return outer;
}

/** Ends it. */
export function leave(outer: Settling[] | undefined): void {
  if (depth <= DEEPEST) {
    settle();
    settling = outer;
  }
  depth--;
  if (depth === 0 && kicked.length > 0) beginAll();
}

/** Runs a call that decides something, and may throw. */
export function decide<R>(call: () => R): R {
  const outer = enter();
  try {
    return call();
  } finally {
    leave(outer);
  }
}

/** Something was decided whose fences have to be told. */
export function toSettle(one: Settling): void {
  // A list that begins with one takes no more room than that; there is mostly one.
  if (settling === undefined) settling = [one];
  else settling.push(one);
}

/** The credits of something are to be given back, once all that follows from its end has happened. */
export function toFree(one: Settling): void {
  if (freeing === undefined) freeing = [one];
  else freeing.push(one);
}

/** Something may begin in a queue. */
export function kick(queue: QueueState): void {
  if (queue.kicked) return;
  queue.kicked = true;
  kicked.push(queue);
}

function settle(): void {
  while (settling !== undefined || freeing !== undefined) {
    while (settling !== undefined) {
      const list: Settling[] = settling;
      settling = undefined;
      for (const one of list) one.settle();
    }
    const list: Settling[] | undefined = freeing;
    freeing = undefined;
    if (list !== undefined) for (const one of list) one.free();
  }
}

function beginAll(): void {
  depth = 1;
  try {
    for (let queue = kicked[0]; queue !== undefined; queue = kicked[0]) {
      if (queue.beginNext()) {
        settle();
        continue;
      }
      kicked.shift();
      queue.kicked = false;
    }
  } finally {
    depth = 0;
  }
}
