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

/** Who wants to know of the end of a worker: one listener, or one shadow of its `terminate`, serves all timelines. */
interface Watch {
  readonly listeners: Set<() => void>;
  /** Nobody listens any more. */
  readonly rest: () => void;
}

const watches = /* @__PURE__ */ new WeakMap<OwnerThread, Watch>();

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
  if (worker.threadId === -1) {
    died();
    return { [Symbol.dispose]: () => undefined };
  }
  return listen(worker, died, (listeners) => {
    const gone = (): void => {
      for (const listener of listeners) listener();
    };
    worker.once('exit', gone);
    return () => {
      watches.delete(worker);
      worker.off('exit', gone);
    };
  });
}

function watchPage(worker: PageOwner, died: () => void): Disposable {
  const once = (): void => {
    look[Symbol.dispose]();
    died();
  };
  const listening = listen(worker, once, (listeners) => {
    const terminate = worker.terminate.bind(worker);
    worker.terminate = () => {
      const result = terminate();
      for (const listener of listeners) listener();
      return result;
    };
    // It stays: another shadow may lie over it by then.
    return () => undefined;
  });
  const look: Disposable = {
    [Symbol.dispose]: () => {
      listening[Symbol.dispose]();
      worker.removeEventListener('error', once);
    },
  };
  worker.addEventListener('error', once);
  return look;
}

/** Adds a listener to the watch of a worker; `begin` makes the watch, and says how to end it. */
function listen(
  worker: OwnerThread,
  listener: () => void,
  begin: (listeners: Set<() => void>) => () => void,
): Disposable {
  let watch = watches.get(worker);
  if (watch === undefined) {
    const listeners = new Set<() => void>();
    watch = { listeners, rest: begin(listeners) };
    watches.set(worker, watch);
  }
  const { listeners, rest } = watch;
  listeners.add(listener);
  return {
    [Symbol.dispose]: () => {
      if (listeners.delete(listener) && listeners.size === 0) rest();
    },
  };
}
