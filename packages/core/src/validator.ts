import type { DmaFenceContext, FenceOps } from './fence/context.js';
import type { DmaFence } from './fence/dma-fence.js';
import type { Fence } from './fence/fence.js';
import type { CapacityShare } from './producer/capacity.js';
import type { SignallingSection } from './signalling.js';

/** Foreign code that core is inside of: a fence's callback, or one of its exporter's ops. */
export type ForeignCode = 'callback' | keyof FenceOps;

/** A lock of core's: two holders exclude each other. */
export interface NamedLock {
  /** What reports call it, and the class that it belongs to. */
  readonly name: string;
}

/** What validators in several threads tell each other of a timeline that they share. */
export interface ThreadNotes {
  /** Leaves a note for good; answers its number, or undefined where there is no room or the timeline is read-only. */
  leave(text: string): number | undefined;
  /** Every note there is, from whatever thread. */
  read(): Iterable<{ readonly index: number; readonly text: string }>;
  /** Whether nobody has put these two together before. */
  claim(one: number, other: number): boolean;
}

/**
 * What happens in core that the validator of `/lockdep` learns from. Nobody else installs one.
 *
 * Every method may throw, in `mode: 'throw'`: core lets that pass to whoever called it.
 */
export interface Validator {
  /** A section began: a free one, or the fence's own. */
  begin(section: SignallingSection, fence: Fence | undefined): void;
  end(section: SignallingSection, fence: Fence | undefined): void;
  /** Runs `work` as a task of its own inside the fence's section. */
  run<R>(section: SignallingSection, fence: Fence, work: () => R): R;
  /** The same for work that begins wherever the last thing it waits for happens: it is inside of nothing of that. */
  runOwn<R>(fence: Fence, work: () => R, share: CapacityShare | undefined): R;
  /** Somebody waits for room in a capacity, in a call named by `who`; answers the promise to hand out instead of `result`. */
  needs<R>(capacity: NamedLock, who: string, result: Promise<R>): Promise<R>;
  /** A fence was created. */
  created(fence: Fence): void;
  /** A fence has signaled; if it was published, its own section is over. `by`: by a call of its producer's, not found by a poll. */
  signaled(fence: Fence, published: boolean, by: boolean): void;
  /** A timeline's producer reaches a value of which no fence here tells. */
  advanced(context: DmaFenceContext, value: number): void;
  /** Somebody waits for fences without blocking the thread; answers the promise to hand out instead of `result`. */
  wait<R>(fences: readonly Fence[], result: Promise<R>): Promise<R>;
  /** Somebody is about to block the thread until a fence signals. */
  waitSync(fence: Fence): void;
  /** Calls foreign code on behalf of `fence`. */
  call<A, R>(fence: DmaFence, what: ForeignCode, code: (fence: DmaFence, argument: A) => R, argument: A): R;
  /**
   * A lock is asked for; answers the promise to hand out instead of `granted`. Locks of one transaction cannot deadlock
   * among each other (wait-die); one that is only `tried` never waits.
   */
  lock<H extends object>(
    lock: NamedLock,
    transaction: object | undefined,
    tried: boolean,
    granted: () => Promise<H>,
  ): Promise<H>;
  /** A lock was taken without waiting for it. */
  tryLocked(lock: NamedLock, held: object): void;
  /** What a lock was granted with is given back. */
  unlocked(held: object): void;
}

/** The validator in use; undefined while there is none, so that core tests one variable. */
export let validator: Validator | undefined;

/** Whether what signals now was found to be done, by a poll or in shared memory: whoever looked is no signaller. */
export let found = false;

/** Signals what was found to be done. */
export function asFound(signal: () => void): void {
  const before = found;
  found = true;
  try {
    signal();
  } finally {
    found = before;
  }
}

/** Sets it; the caller tells the hot paths, see `observe`. */
export function setValidator(next: Validator | undefined): void {
  validator = next;
}
