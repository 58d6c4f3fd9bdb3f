import { CallbackList, sizeOf } from '../fence/callback-list.js';
import { isContainer } from '../container/container.js';
import type { DmaFence } from '../fence/dma-fence.js';
import type { Fence } from '../fence/fence.js';
import { captureTrace, type Trace } from '../lockdep/trace.js';
import { needsOf } from '../producer/producer-context.js';
import { platform } from '../platform.js';
import { addFenceTracer } from '../tracer/tracer.js';
import { peekPending } from '../container/peek.js';

/** What is known of a fence, without keeping it. */
export interface Inhabitant {
  readonly ref: WeakRef<Fence>;
  readonly name: string;
  readonly since: number;
  readonly created: Trace | undefined;
}

/** Knows every fence that was created since it began, until its last reference is put. */
export class Census implements Disposable {
  /** Those of which references are held, oldest first. */
  readonly living: Set<Inhabitant> = new Set<Inhabitant>();
  /** Those that were collected while references to them were held. */
  readonly lost: Inhabitant[] = [];
  /**
   * Whether the stack of each creation is kept: as frames, or `raw`, which is fast but keeps what the functions on it keep, maybe
   * the fence: good for the time of a test.
   */
  stacks: boolean | 'raw';
  readonly #entries = new WeakMap<DmaFence, Inhabitant>();
  readonly #registry = new FinalizationRegistry<Inhabitant>((entry) => {
    if (this.living.delete(entry)) this.lost.push(entry);
  });
  readonly #tracing: Disposable;

  constructor(stacks: boolean | 'raw') {
    this.stacks = stacks;
    this.#tracing = addFenceTracer({
      init: (fence) => {
        this.#add(fence as Fence);
      },
      destroy: (fence) => {
        const entry = this.#entries.get(fence);
        if (entry !== undefined) this.living.delete(entry);
        this.#registry.unregister(fence);
      },
    });
  }

  #add(fence: Fence): void {
    // The stub is everybody's, and stays.
    if (fence.context.id === 0) return;
    const created = this.stacks === false ? undefined : captureTrace();
    if (this.stacks === true) created?.read();
    const entry = { ref: new WeakRef(fence), name: fence.name, since: platform.now(), created };
    this.#entries.set(fence, entry);
    this.living.add(entry);
    this.#registry.register(fence, entry, fence);
  }

  [Symbol.dispose](): void {
    this.#tracing[Symbol.dispose]();
    this.living.clear();
  }
}

/** The stack where a fence was created, innermost first. */
export function createdAt({ created }: Inhabitant): readonly string[] {
  return created?.lines ?? [];
}

/** How many callbacks and waits hang on a fence. */
export function waitersOf(fence: Fence): number {
  // From the signal on its result stands there.
  const callbacks = fence.signaled ? undefined : fence._callbacksOrResult;
  if (callbacks === undefined) return 0;
  return callbacks instanceof CallbackList ? sizeOf(callbacks) : 1;
}

/** What a container waits for: the first of its leaves that is pending. Only looks: a dump changes nothing. */
export function pendingMemberOf(fence: Fence): Fence | undefined {
  if (!isContainer(fence)) return undefined;
  const { value } = peekPending(fence).next();
  return value;
}

/** What a fence waits for, as far as its producer says. */
export function waitsForOf(fence: Fence): string | undefined {
  const first = needsOf(fence)?.on[0];
  return typeof first === 'object' ? first.name : first;
}
