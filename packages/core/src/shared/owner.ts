import { describe, invalid } from '../error.js';

/**
 * A worker thread as `bindOwner` needs it: Node's `Worker`, or a page's.
 *
 * @example Both fit
 * ```ts
 * import type { OwnerThread } from '@dma-fence/core/shared';
 * import { Worker } from 'node:worker_threads';
 *
 * const owner = (worker: Worker): OwnerThread => worker;
 * ```
 */
export type OwnerThread = NodeOwner | PageOwner;

/**
 * What tells that a thread of Node, Deno's or Bun's `node:worker_threads` is gone.
 *
 * @example A stand-in for a test
 * ```ts
 * import type { NodeOwner } from '@dma-fence/core/shared';
 * import { EventEmitter } from 'node:events';
 *
 * const owner: NodeOwner = Object.assign(new EventEmitter(), { threadId: 1 });
 * ```
 */
export interface NodeOwner {
  /** -1 once it is gone. */
  readonly threadId: number;
  /** Tells when it is gone. */
  once(event: 'exit', listener: () => void): unknown;
  /** Lets go of a listener. */
  off(event: 'exit', listener: () => void): unknown;
}

/**
 * A page's `Worker`, which never tells that it is gone: its `terminate` is watched instead, and errors that nobody caught.
 *
 * @example A stand-in for a test
 * ```ts
 * import type { PageOwner } from '@dma-fence/core/shared';
 *
 * const owner: PageOwner = Object.assign(new EventTarget(), { terminate: () => undefined });
 * ```
 */
export interface PageOwner {
  /** Ends it; shadowed on the bound object. */
  terminate(): unknown;
  /** Tells of errors that nobody caught. */
  addEventListener(type: 'error', listener: () => void): void;
  /** Lets go of a listener. */
  removeEventListener(type: 'error', listener: () => void): void;
}

/** Who wants to know of the `terminate` of a page's worker; one shadow on it serves all timelines. */
const watched = /* @__PURE__ */ new WeakMap<PageOwner, Set<() => void>>();

/** Calls `died` once when `worker` is gone; disposing looks away. */
export function watchOwner(worker: OwnerThread, died: () => void): Disposable {
  if (isNodeOwner(worker)) return watchNode(worker, died);
  if (isPageOwner(worker)) return watchPage(worker, died);
  throw invalid(`SharedTimeline: bindOwner() takes a worker thread, not ${describe(worker)}`);
}

function isNodeOwner(worker: Partial<NodeOwner & PageOwner> | undefined | null): worker is NodeOwner {
  return typeof worker?.once === 'function' && typeof worker.off === 'function';
}

function isPageOwner(worker: Partial<NodeOwner & PageOwner> | undefined | null): worker is PageOwner {
  return typeof worker?.terminate === 'function' && typeof worker.addEventListener === 'function';
}

function watchNode(worker: NodeOwner, died: () => void): Disposable {
  let watching = true;
  // Another listener of the same exit may look away before this one's turn, and an emitter goes on with those it had.
  const gone = (): void => {
    if (watching) died();
  };
  if (worker.threadId === -1) died();
  else worker.once('exit', gone);
  return {
    [Symbol.dispose]: () => {
      watching = false;
      worker.off('exit', gone);
    },
  };
}

function watchPage(worker: PageOwner, died: () => void): Disposable {
  const present = watched.get(worker);
  const listeners = present ?? new Set<() => void>();
  if (present === undefined) {
    watched.set(worker, listeners);
    const terminate = worker.terminate.bind(worker);
    worker.terminate = () => {
      const result = terminate();
      for (const listener of listeners) listener();
      return result;
    };
  }
  const look: Disposable = {
    [Symbol.dispose]: () => {
      listeners.delete(once);
      worker.removeEventListener('error', once);
    },
  };
  const once = (): void => {
    look[Symbol.dispose]();
    died();
  };
  listeners.add(once);
  worker.addEventListener('error', once);
  return look;
}
