import { checkObject, unfit } from '../error.js';
import { observe } from '../fence/fence.js';
import type { DmaFence } from '../fence/dma-fence.js';
import { reportCallbackError } from '../report.js';
import { platform } from '../platform.js';
import { setTracers, tracers } from './installed.js';

/**
 * The end of a traced wait for one fence.
 *
 * @example Count how waits end
 * ```ts
 * import { addFenceTracer, type WaitOutcome } from '@dma-fence/core';
 *
 * const outcomes: Record<WaitOutcome, number> = { signaled: 0, failed: 0, timeout: 0, aborted: 0 };
 * using tracing = addFenceTracer({
 *   waitEnd: (_fence, _token, outcome) => {
 *     outcomes[outcome] += 1;
 *   },
 * });
 * ```
 */
export type WaitOutcome = 'signaled' | 'failed' | 'timeout' | 'aborted';

/**
 * Observes the life of fences: the `dma_fence` tracepoints of the kernel, and more (errors, dependencies, callbacks).
 *
 * Every method is optional and receives borrowed fences. If one throws, the callback error handler receives the error, and the
 * whole tracer is removed. The error never reaches a producer.
 *
 * @example Count what is in flight
 * ```ts
 * import { addFenceTracer, type FenceTracer } from '@dma-fence/core';
 *
 * let inFlight = 0;
 * const counter: FenceTracer = {
 *   init: () => void inFlight++,
 *   signaled: () => void inFlight--,
 * };
 * addFenceTracer(counter)[Symbol.dispose]();
 * ```
 */
export interface FenceTracer {
  /** A fence was created, also a container. Kernel: `dma_fence_init`. */
  init?(fence: DmaFence): void;
  /** The work was handed to the hardware, at `timestamp` if the producer gave one, else now. Kernel: `dma_fence_emit`. */
  emit?(fence: DmaFence, timestamp?: number): void;
  /** The exporter must now make sure that the fence signals. Called at most once, and only if the exporter has that op. Kernel: `dma_fence_enable_signal`. */
  enableSignal?(fence: DmaFence): void;
  /** The fence has signaled. Its callbacks have not run yet. Kernel: `dma_fence_signaled`. */
  signaled?(fence: DmaFence): void;
  /** The last reference was put, and the release is complete. Kernel: `dma_fence_destroy`. */
  destroy?(fence: DmaFence): void;
  /** A wait for a pending fence begins. `waitEnd` receives the returned value. Kernel: `dma_fence_wait_start`. */
  waitStart?(fence: DmaFence): unknown;
  /** That wait has ended. If a `waitAny` or a failed `waitAll` no longer waits for the fence, the outcome is `aborted`. Kernel: `dma_fence_wait_end`. */
  waitEnd?(fence: DmaFence, token: unknown, outcome: WaitOutcome): void;
  /** `fence` cannot signal before `on` has signaled. */
  dependency?(fence: DmaFence, on: DmaFence): void;
  /**
   * A user's callback was added. `callback` receives the returned value. If a tracer has this method, its `callback` is called only
   * for callbacks for which it returned a value.
   */
  callbackAdded?(fence: DmaFence): unknown;
  /** A user's callback is due. Call `run` exactly once. An error of the callback passes through `run`. */
  callback?(fence: DmaFence, run: () => void, token?: unknown): void;
  /** Core gives a warning. */
  warning?(message: string, fence: DmaFence | undefined): void;
}

/** What tracers want back, each its own; a list, since there is nearly always one. */
export interface Tokens {
  readonly entry: Installed;
  readonly token: unknown;
  readonly next: Tokens | undefined;
}

type Hooks = { readonly [Hook in keyof FenceTracer]-?: FenceTracer[Hook] | undefined };

/** An installed tracer. Which methods it has is asked once, when it is added. */
interface Installed {
  readonly tracer: FenceTracer;
  readonly hooks: Hooks;
  dropped: boolean;
}

const HOOKS = [
  'init',
  'emit',
  'enableSignal',
  'signaled',
  'destroy',
  'waitStart',
  'waitEnd',
  'dependency',
  'callbackAdded',
  'callback',
  'warning',
] as const satisfies readonly (keyof FenceTracer)[];

function hooksOf(tracer: FenceTracer): Hooks {
  const methods = tracer as Readonly<Record<keyof FenceTracer, unknown>>;
  const hooks = Object.fromEntries(HOOKS.map((hook) => [hook, methods[hook]]));
  for (const [hook, method] of Object.entries(hooks)) {
    if (method !== undefined && typeof method !== 'function') {
      throw unfit(`addFenceTracer(): ${hook}`, 'a function', method);
    }
  }
  return hooks as unknown as Hooks;
}

/** Ends a traced wait for one fence. */
export type EndWait = (outcome: WaitOutcome) => void;

/** All installed tracers, told in the order of their installation. */
export class Tracers {
  /** Replaced, never changed: a tracer may come or go while the others are being told. */
  readonly entries: readonly Installed[];
  /** Those that have the hook, for the hooks of every fence: what nobody wants to hear costs nothing. */
  readonly #init: readonly Installed[];
  readonly #signaled: readonly Installed[];
  readonly #destroy: readonly Installed[];
  readonly #callbackAdded: readonly Installed[];
  readonly #callback: readonly Installed[];
  /** There is nearly always one tracer: the hooks of every fence then need no loop, and are small enough to become part of what calls them. */
  readonly #sole: Installed | undefined;
  /** Whether anybody wants to hear of the end, see `endsTold`: hardly anybody does. */
  readonly destroys: boolean;

  constructor(entries: readonly Installed[]) {
    this.entries = entries;
    const having = (hook: keyof FenceTracer): readonly Installed[] =>
      entries.filter(({ hooks }) => hooks[hook] !== undefined);
    this.#init = having('init');
    this.#signaled = having('signaled');
    this.#destroy = having('destroy');
    this.#callbackAdded = having('callbackAdded');
    this.#callback = having('callback');
    this.destroys = this.#destroy.length > 0;
    this.#sole = entries.length === 1 ? entries[0] : undefined;
  }

  init(fence: DmaFence): void {
    const sole = this.#sole;
    if (sole === undefined) {
      this.#initAll(fence);
      return;
    }
    try {
      sole.hooks.init?.call(sole.tracer, fence);
    } catch (error) {
      drop(sole, error, fence);
    }
  }

  #initAll(fence: DmaFence): void {
    for (const entry of this.#init) {
      if (entry.dropped) continue;
      try {
        entry.hooks.init?.call(entry.tracer, fence);
      } catch (error) {
        drop(entry, error, fence);
      }
    }
  }

  emit(fence: DmaFence, timestamp?: number): void {
    this.#tell(fence, ({ hooks, tracer }) => hooks.emit?.call(tracer, fence, timestamp));
  }

  enableSignal(fence: DmaFence): void {
    this.#tell(fence, ({ hooks, tracer }) => hooks.enableSignal?.call(tracer, fence));
  }

  signaled(fence: DmaFence): void {
    const sole = this.#sole;
    if (sole === undefined) {
      this.#signaledAll(fence);
      return;
    }
    try {
      sole.hooks.signaled?.call(sole.tracer, fence);
    } catch (error) {
      drop(sole, error, fence);
    }
  }

  #signaledAll(fence: DmaFence): void {
    for (const entry of this.#signaled) {
      if (entry.dropped) continue;
      try {
        entry.hooks.signaled?.call(entry.tracer, fence);
      } catch (error) {
        drop(entry, error, fence);
      }
    }
  }

  destroy(fence: DmaFence): void {
    const sole = this.#sole;
    if (sole === undefined) {
      this.#destroyAll(fence);
      return;
    }
    try {
      sole.hooks.destroy?.call(sole.tracer, fence);
    } catch (error) {
      drop(sole, error, fence);
    }
  }

  #destroyAll(fence: DmaFence): void {
    for (const entry of this.#destroy) {
      if (entry.dropped) continue;
      try {
        entry.hooks.destroy?.call(entry.tracer, fence);
      } catch (error) {
        drop(entry, error, fence);
      }
    }
  }

  dependency(fence: DmaFence, on: DmaFence): void {
    this.#tell(fence, ({ hooks, tracer }) => hooks.dependency?.call(tracer, fence, on));
  }

  warning(message: string, fence: DmaFence | undefined): void {
    this.#tell(fence, ({ hooks, tracer }) => hooks.warning?.call(tracer, message, fence));
  }

  /** Tells that a wait begins; what is returned tells those that saw it, and are still there, how it ended. */
  waitStart(fence: DmaFence): EndWait {
    const tokens: [Installed, unknown][] = [];
    this.#tell(fence, (entry) => {
      tokens.push([entry, entry.hooks.waitStart?.call(entry.tracer, fence)]);
    });
    return (outcome) => {
      for (const [entry, token] of tokens) {
        if (entry.dropped) continue;
        try {
          // eslint-disable-next-line dma-fence/require-get-on-store -- A wait takes no reference, and so must not who watches it.
          entry.hooks.waitEnd?.call(entry.tracer, fence, token, outcome);
        } catch (error) {
          drop(entry, error, fence);
        }
      }
    };
  }

  /** What tracers want back when a callback that is being added runs; undefined while none wants to hear of it. */
  callbackAdded(fence: DmaFence): Tokens | undefined {
    let tokens: Tokens | undefined;
    for (const entry of this.#callbackAdded) {
      if (entry.dropped) continue;
      try {
        const token = entry.hooks.callbackAdded?.call(entry.tracer, fence);
        if (token !== undefined) tokens = { entry, token, next: tokens };
      } catch (error) {
        drop(entry, error, fence);
      }
    }
    return tokens;
  }

  /** Whether anybody wants to hear of a callback with these tokens, so that the others run at no cost. */
  hears(tokens: Tokens | undefined): boolean {
    for (const { dropped, hooks } of this.#callback) {
      if (dropped) continue;
      if (tokens !== undefined || hooks.callbackAdded === undefined) return true;
    }
    return false;
  }

  /** Runs a user's callback through every tracer's `callback`, the first one outermost. */
  callback(fence: DmaFence, callback: () => void, tokens: Tokens | undefined): void {
    const outcome: Outcome = { threw: false, error: undefined };
    try {
      this.#through(0, fence, callback, tokens, outcome);
    } catch {
      // It is in `outcome`: a tracer in between may have swallowed it, the report must come all the same.
    }
    if (outcome.threw) reportCallbackError(outcome.error, fence);
  }

  /** Runs it through the tracers from `index` on. Each must run it once; one that does not is dropped, and it runs all the same. */
  #through(
    index: number,
    fence: DmaFence,
    callback: () => void,
    tokens: Tokens | undefined,
    outcome: Outcome,
  ): void {
    const entry = this.#callback[index];
    if (entry === undefined) {
      try {
        callback();
      } catch (error) {
        outcome.threw = true;
        outcome.error = error;
        throw error;
      }
      return;
    }
    const token = tokenOf(entry, tokens);
    if (entry.dropped || (token === undefined && entry.hooks.callbackAdded !== undefined)) {
      this.#through(index + 1, fence, callback, tokens, outcome);
      return;
    }
    let called = 0;
    try {
      const run = (): void => {
        called++;
        if (called === 1) this.#through(index + 1, fence, callback, tokens, outcome);
      };
      entry.hooks.callback?.call(entry.tracer, fence, run, token);
      if (called !== 1) {
        throw new Error(
          `fence ${fence.name}: a tracer's callback() called run ${String(called)} times, it must do so once`,
        );
      }
    } catch (error) {
      // The callback's own error on its way out is not the tracer's fault.
      if (outcome.threw && error === outcome.error) throw error;
      drop(entry, error, fence);
      // A `run` that it kept for later comes too late.
      if (called++ === 0) this.#through(index + 1, fence, callback, tokens, outcome);
    }
  }

  #tell(fence: DmaFence | undefined, tell: (entry: Installed) => void): void {
    for (const entry of this.entries) {
      if (entry.dropped) continue;
      try {
        tell(entry);
      } catch (error) {
        drop(entry, error, fence);
      }
    }
  }
}

/** What a callback threw. */
interface Outcome {
  threw: boolean;
  error: unknown;
}

function tokenOf(entry: Installed, tokens: Tokens | undefined): unknown {
  for (let at = tokens; at !== undefined; at = at.next) if (at.entry === entry) return at.token;
  return undefined;
}

function remove(entry: Installed): void {
  entry.dropped = true;
  const entries = tracers?.entries.filter((other) => other !== entry) ?? [];
  install(entries);
}

function drop(entry: Installed, error: unknown, fence: DmaFence | undefined): void {
  remove(entry);
  if (fence === undefined) platform.report(error);
  else reportCallbackError(error, fence);
}

function install(entries: readonly Installed[]): void {
  setTracers(entries.length === 0 ? undefined : new Tracers(entries));
  observe();
}

/**
 * Installs a tracer. Several tracers are called in the order of their installation.
 *
 * Without a tracer, tracing has no measurable cost.
 *
 * @param tracer the tracer. Core looks up its methods now, once.
 * @returns a disposable that removes the tracer. After that, it does not see the end of waits that began before.
 *
 * @example Print every failure
 * ```ts
 * import { addFenceTracer } from '@dma-fence/core';
 *
 * const failures: string[] = [];
 * const tracing = addFenceTracer({
 *   signaled(fence) {
 *     if (fence.status === 'failed') failures.push(`${fence.name}: ${fence.error?.code ?? ''}`);
 *   },
 * });
 * tracing[Symbol.dispose]();
 * ```
 */
export function addFenceTracer(tracer: FenceTracer): Disposable {
  checkObject('addFenceTracer(): tracer', tracer);
  const entry: Installed = { tracer, hooks: hooksOf(tracer), dropped: false };
  install([...(tracers?.entries ?? []), entry]);
  return {
    [Symbol.dispose]() {
      if (!entry.dropped) remove(entry);
    },
  };
}

/**
 * Tells tracers that `fence` cannot signal before `on` has signaled, for instance a job before its inputs. It changes nothing else.
 *
 * Containers do this by themselves. Without a tracer the call does nothing.
 *
 * @param fence the fence that depends on the other. Borrowed.
 * @param on the fence it depends on, or a container. Borrowed. Stands for `trace_drm_sched_job_add_dep`.
 *
 * @example A job that reads what another wrote
 * ```ts
 * import { DmaFenceContext, traceDependency } from '@dma-fence/core';
 *
 * const context = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
 * using written = context.createFence();
 * using read = context.createFence();
 * traceDependency(read, written);
 * written.signal();
 * read.signal();
 * ```
 */
export function traceDependency(fence: DmaFence, on: DmaFence): void {
  tracers?.dependency(fence, on);
}
