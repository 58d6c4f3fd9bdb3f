import { FENCE_ERRNO, FenceError, invalid, inWords, type FenceErrorCode } from '../error.js';
import type { DmaFence } from '../fence/dma-fence.js';
import { createIn } from '../fence/fence.js';
import { FenceTimeline } from '../timeline.js';
import type { TraceCarrier } from '../tracer/trace-carrier.js';
import type { Block } from './block.js';
import { BlockedThreads } from './blocked-threads.js';
import { ClassNotes } from './class-notes.js';
import { ErrorRing, UNKNOWN, type Result } from './error-ring.js';
import { errorOf, toldError, type ErrorText } from './error-text.js';
import { ErrorTexts } from './error-texts.js';
import { keepAlive } from './keep-alive.js';
import { AtomicsMemory, type Memory } from './memory.js';
import { Progress } from './progress.js';
import { TraceSlots } from './trace-slots.js';
import { asFound, validator } from '../validator.js';
import { Waiter, type Awaiting } from './waiter.js';

/** The name of a Linux number; one that this version does not know becomes EIO. */
export function codeOf(errno: number): FenceErrorCode {
  for (const [code, number] of Object.entries(FENCE_ERRNO)) {
    if (number === -errno) return code as FenceErrorCode;
  }
  return 'EIO';
}

/**
 * One thread's end of a shared timeline: the fences of this thread, and what drives them.
 *
 * The fences hang on an ordinary `FenceTimeline`, which follows the shared block: it is advanced here, to where `progress`
 * stands, whenever this thread looks. All `SharedTimeline` objects of one block in one thread share one end.
 */
export class ThreadEnd implements Awaiting {
  readonly memory: Memory;
  readonly errors: ErrorRing;
  readonly progress: Progress;
  readonly local: FenceTimeline;
  /** The threads that block for its values. */
  readonly blocked: BlockedThreads;
  /** Whether values that an advance passes over fail. */
  readonly skippedFail: boolean;
  /** The highest value of a fence that somebody waits for here or hung a callback on. */
  wanted = 0;
  /** The highest value that this thread itself advanced to: it may not go back. */
  advanced = 0;
  /** `SharedTimeline` objects that have not been disposed of. */
  users = 0;
  readonly #waiter: Waiter;
  #canceled = false;

  constructor(
    names: { driverName: string; timelineName: string },
    block: Omit<Block, 'words' | 'traceAt' | 'notesAt'>,
    memory: Memory,
  ) {
    this.memory = memory;
    this.skippedFail = block.skippedFail;
    this.errors = new ErrorRing(memory, block.errorSlots, new ErrorTexts(memory, block));
    this.progress = new Progress(memory, this.errors, block.skippedFail);
    if (!this.progress.isSound() || !this.errors.isSound()) {
      throw invalid(
        'SharedTimeline.attach(): its block holds what no timeline has written; send timeline.handle as it is',
      );
    }
    this.blocked = new BlockedThreads(memory, block);
    this.local = new FenceTimeline({
      driverName: names.driverName,
      timelineName: names.timelineName,
      initialValue: this.progress.value,
      ops: {
        enableSignaling: (fence) => {
          this.wanted = Math.max(this.wanted, fence.seqno);
          this.#waiter.arm();
          // What was finished has been signaled here, with its own result.
          return true;
        },
        isSignaled: (fence) => {
          this.update();
          return fence.signaled;
        },
      },
    });
    const { context } = this.local;
    (context as { uid: string | undefined }).uid = block.uid;
    context._closed = () =>
      new FenceError(
        'EINVAL',
        `shared timeline ${this.name}: its fences are made by timeline.fenceAt(value), not by its context`,
      );
    context._backend = {
      waiting: (_fence, change) => {
        keepAlive.waiting(change);
      },
    };
    this.#waiter = new Waiter(memory, this.progress, this);
  }

  get name(): string {
    const { driverName, timelineName, id } = this.local.context;
    return `${driverName}:${timelineName}:${String(id)}`;
  }

  /** Looks, and signals what is finished. */
  update(): void {
    this.progress.look();
    this.catchUp();
  }

  /** Signals what the last look has found finished, ascending, each value with its own result. */
  catchUp(): void {
    if (validator === undefined) this.#catchUp();
    else {
      asFound(() => {
        this.#catchUp();
      });
    }
  }

  #catchUp(): void {
    const { local, progress } = this;
    const { value, canceled } = progress;
    if (value > local.value) {
      // Nobody here cares how it went; who asks later finds it in the ring.
      if (local.context.pending === 0) local.advanceTo(value);
      else this.#reach(value);
    }
    if (canceled && !this.#canceled) {
      this.#canceled = true;
      local.cancel(this.cancelReason());
    }
    if (canceled || value >= this.wanted) this.#waiter.rest();
  }

  /** The fence of any value, as `FenceTimeline.fenceAt`, with the result that a finished value really had. */
  fenceAt(value: number): DmaFence {
    this.update();
    const { local } = this;
    const result = value <= local.value ? this.errors.resultOf(value) : undefined;
    if (result === undefined || result.errno === 0) return local.fenceAt(value);
    const { context } = local;
    context._lastSeqno = Math.max(context._lastSeqno, value);
    const fence = createIn(context, value, undefined, context._flags);
    asFound(() => {
      fence.fail(this.failure(result, value));
    });
    return fence;
  }

  /** Why a value failed. */
  failure({ errno, told }: Result, value: number): FenceError {
    const whom = `shared timeline ${this.name}: the work up to ${String(value)}`;
    // The signalling side may have said EIO itself; then both sentences hold.
    if (errno === UNKNOWN && this.errors.hasForgotten(value)) {
      return new FenceError(
        'EIO',
        `${whom} is over, its result is no longer known: more values failed than the timeline has errorSlots`,
      );
    }
    return because(
      codeOf(errno),
      `${whom} failed with`,
      told === undefined ? undefined : this.errors.texts.read(told),
    );
  }

  /** Why everything above the value failed. */
  cancelReason(): FenceError {
    const { progress } = this;
    const code = codeOf(progress.cancelErrno());
    return because(
      code,
      `shared timeline ${this.name} was canceled with`,
      progress.cancelText(),
      '; make a new timeline',
    );
  }

  /** The last user in this thread is gone: what is pending here fails, nothing is armed any more. */
  close(): void {
    this.#waiter.close();
    this.local.cancel(
      new FenceError('ECANCELED', `shared timeline ${this.name} was given up in this thread`),
    );
    // Gives this thread's armed wake-up back; the others look once for nothing.
    this.memory.notify();
  }

  #reach(value: number): void {
    const { local } = this;
    if (!this.errors.anyAbove(local.value)) {
      local.advanceTo(value);
      return;
    }
    for (const result of this.errors.resultsAbove(local.value, value)) {
      // A callback in between may have looked again and gone further.
      const { to, errno } = result;
      if (to > local.value) local.advanceTo(to, errno === 0 ? undefined : this.failure(result, to));
    }
  }
}

/**
 * An error that names its code, with what the signalling side said of it as its cause; where that said nothing, with the words
 * of the code.
 */
function because(
  code: FenceErrorCode,
  message: string,
  text: ErrorText | undefined,
  wayOut = '',
): FenceError {
  if (text === undefined) return toldError(new FenceError(code, `${message} ${inWords(code)}${wayOut}`));
  const cause = errorOf(text);
  return toldError(new FenceError(code, `${message} ${code}: ${cause.message}${wayOut}`, { cause }));
}

/** The ends of this thread; weak, so that a timeline that nobody holds can go. */
const ends = /* @__PURE__ */ new Map<string, WeakRef<ThreadEnd>>();
const collected = /* @__PURE__ */ new FinalizationRegistry<string>((uid) => {
  if (ends.get(uid)?.deref() === undefined) ends.delete(uid);
});

/** This thread's end of a block: one context a thread, however often it attaches. */
export function useEnd(
  names: { driverName: string; timelineName: string; readonly: boolean },
  block: Block,
): ThreadEnd {
  let end = ends.get(block.uid)?.deref();
  if (end === undefined) {
    end = new ThreadEnd(names, block, new AtomicsMemory(block.words));
    (end.local.context as { carrier: TraceCarrier | undefined }).carrier = new TraceSlots(block, end.blocked);
    if (block.textWords > 0) end.local.context._notes = new ClassNotes(block);
    ends.set(block.uid, new WeakRef(end));
    collected.register(end, block.uid);
  }
  if (!names.readonly) {
    (end.local.context.carrier as TraceSlots).writable = true;
    const { _notes } = end.local.context;
    if (_notes !== undefined) (_notes as ClassNotes).writable = true;
  }
  end.users++;
  return end;
}

/** Gives up one use of an end. */
export function leaveEnd(end: ThreadEnd): void {
  if (--end.users > 0) return;
  ends.delete(end.local.context.uid as string);
  end.close();
}
