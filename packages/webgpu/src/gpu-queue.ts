import {
  FenceError,
  FenceTimeline,
  type DmaFence,
  type DmaFenceContext,
  type FenceErrorCode,
  type FenceOps,
  type Owned,
} from '@dma-fence/core';
import { checkKeys } from '@dma-fence/core/producer';
import { adoptQueue, submitTo } from './adoption.js';
import { Completion } from './completion.js';
import { belongsTo } from './device-of.js';
import { failure, isPromise, must, nameOf } from './failure.js';
import { hearLoss, suspectLoss, type LossLink } from './loss.js';
import { dispatchUncaptured } from './uncaptured.js';
import { Verdicts } from './verdicts.js';
import { whenEnded } from './when-ended.js';

/**
 * How a {@link GpuQueue} is made.
 *
 * @example A name for messages and traces
 * ```ts
 * import type { GpuQueueOptions } from '@dma-fence/webgpu';
 *
 * const options: GpuQueueOptions = { name: 'render' };
 * ```
 */
export interface GpuQueueOptions {
  /** What its fences are called: `gpu:<name>:<context>:<submit>`; `queue` by default. */
  name?: string | undefined;
  /** `submit`, the default: each submit has an error scope of its own. `off`: fences tell when, not whether. */
  errors?: 'submit' | 'off' | undefined;
  /**
   * Milliseconds between empty submits that make an engine look at completion while somebody waits. `auto`, the default: 4 where an
   * idle queue needs more than 20 ms to say that it is done, as in Firefox; else none.
   */
  nudge?: 'auto' | 'off' | number | undefined;
}

/**
 * What can be retired: something to destroy, to close, or to call.
 *
 * @example A buffer, a video frame, a function
 * ```ts
 * import type { Retired } from '@dma-fence/webgpu';
 *
 * const retired = (buffer: GPUBuffer, frame: { close(): void }): Retired[] => [buffer, frame, () => undefined];
 * ```
 */
export type Retired = { destroy(): void } | { close(): void } | (() => void);

interface Closable {
  destroy: () => void;
  close: () => void;
}

/** What an error scope caught, by its filter: the classes of errors are not there in every runtime. The last one is the innermost. */
const SCOPES = [
  ['internal', 'EIO'],
  ['out-of-memory', 'ENOMEM'],
  ['validation', 'EINVAL'],
] as const;

/**
 * A device's queue whose submits are fences: in order, each with the error that it had.
 *
 * A fence signals when the GPU is done with its submit and the submit was valid; an invalid one fails with `EINVAL` and the GPU's own
 * error as its cause. Losing the device fails everything pending with `ENODEV`.
 *
 * @example Know that a submit did not run
 * ```ts
 * import { GpuQueue } from '@dma-fence/webgpu';
 *
 * async function double(device: GPUDevice, encoder: GPUCommandEncoder): Promise<void> {
 *   using queue = new GpuQueue(device);
 *   using fence = queue.submit([encoder]);
 *   await fence.wait({ timeoutMs: 1000 }); // rejects where onSubmittedWorkDone() would resolve
 * }
 * ```
 */
export class GpuQueue implements Disposable {
  /** The device whose queue it is. */
  readonly device: GPUDevice;
  readonly #timeline: FenceTimeline;
  /** Fences that tell when, not whether; see `mark`. */
  readonly #marks: FenceTimeline;
  readonly #verdicts: Verdicts;
  readonly #completion: Completion;
  readonly #scoped: boolean;
  #submitted = 0;
  /** The marks up to here have asked for completion. */
  #marked = 0;
  #lost: FenceError | undefined = undefined;
  /** Why nothing ends well any more: the loss, or that we were disposed of. */
  #over: FenceError | undefined = undefined;
  /** Told of the end once: rings, pacers. */
  readonly #endings = new Set<(error: FenceError) => void>();
  #retired: { free: () => void; done: boolean }[] = [];
  #adoption: Disposable | undefined = undefined;
  readonly #link: LossLink;

  /** Wrong options throw a `FenceError` with `EINVAL`. */
  constructor(device: GPUDevice, options: GpuQueueOptions = {}) {
    must(
      typeof (device as Partial<GPUDevice> | undefined)?.pushErrorScope === 'function',
      'GpuQueue: device must be a GPUDevice',
    );
    checkKeys('GpuQueue', options, ['name', 'errors', 'nudge']);
    const { name = 'queue', errors = 'submit', nudge = 'auto' } = options;
    must(['submit', 'off'].includes(errors), 'GpuQueue: errors must be "submit" or "off"');
    must(
      nudge === 'auto' || nudge === 'off' || (typeof nudge === 'number' && nudge > 0),
      'GpuQueue: nudge must be "auto", "off" or milliseconds',
    );
    this.device = device;
    this.#scoped = errors === 'submit';
    const ops: FenceOps = {
      enableSignaling: (fence) => {
        this.#completion.want(fence.seqno);
        return true;
      },
      unheard: (fence) => {
        // A loss, or the end of this queue, is no error of the GPU.
        if (this.#over === undefined) dispatchUncaptured(device, fence);
      },
    };
    this.#timeline = new FenceTimeline({ driverName: 'gpu', timelineName: name, ops });
    this.#marks = new FenceTimeline({ driverName: 'gpu', timelineName: `${name} marks` });
    belongsTo(this.context, device);
    belongsTo(this.#marks.context, device);
    this.#verdicts = new Verdicts((seqno, error) => {
      this.#timeline.advanceTo(seqno, error);
    });
    this.#completion = new Completion(this, nudge);
    this.#link = { client: this };
    hearLoss(device, this.#link);
  }

  /** Names and numbers the fences of its submits: 1, 2, 3 … */
  get context(): DmaFenceContext {
    return this.#timeline.context;
  }

  /** The number of the last submit. */
  get submitted(): number {
    return this.#submitted;
  }

  /** All submits up to here have ended. It rises while somebody waits, at the latest after 64 submits more. */
  get value(): number {
    return this.#timeline.value;
  }

  /** Why nothing will come any more: the `ENODEV` of a lost device, with its `GPUDeviceLostInfo` as cause. */
  get lost(): FenceError | undefined {
    return this.#lost;
  }

  /** @internal Why nothing ends well any more. */
  get _over(): FenceError | undefined {
    return this.#over;
  }

  /** @internal `ending` is called once when nothing will come any more; returns what takes it back, if it can still. */
  _onEnd(ending: (error: FenceError) => void): () => boolean {
    this.#endings.add(ending);
    return () => this.#endings.delete(ending);
  }

  /**
   * Submits work; the caller owns the fence.
   *
   * Encoders are finished here, so that the error of a recording is the one that the fence tells. An invalid submit, a lost device and
   * a disposed queue give failed fences.
   *
   * @param work command buffers, and encoders that are not finished yet; `EINVAL` for anything else, thrown.
   */
  submit(work: Iterable<GPUCommandBuffer | GPUCommandEncoder>): Owned<DmaFence<undefined>> {
    let list: (GPUCommandBuffer | GPUCommandEncoder)[];
    try {
      list = [...work];
      return this.#submit(() => {
        submitTo(
          this.device.queue,
          list.map((item) => ('finish' in item ? item.finish() : item)),
        );
      });
    } catch (cause) {
      throw new FenceError(
        'EINVAL',
        `${this.#name}: submit() takes command buffers and encoders: ${String(cause)}`,
        { cause },
      );
    }
  }

  /**
   * The fence of the next submit, while its commands are still being recorded: register now, it signals then. The caller owns it.
   */
  upcoming(): Owned<DmaFence<undefined>> {
    return this.#fence(this.#submitted + 1);
  }

  /**
   * A fence for everything submitted so far, by whomever. It tells when, not whether: only a lost device fails it. The caller owns it.
   */
  mark(): Owned<DmaFence<undefined>> {
    // All marks of a turn are one.
    this.#completion.ask();
    return this.#marks.fenceAt(this.#marked + 1) as Owned<DmaFence<undefined>>;
  }

  /**
   * Runs `make` now; a validation, out-of-memory or internal error in it makes the next submit fail with that error.
   *
   * @param make synchronous: an error scope over an `await` would take the errors of other tasks. A promise is refused with `EINVAL`.
   * @returns what `make` returned.
   */
  guard<R>(make: () => R): R {
    must(typeof make === 'function', `${this.#name}: guard() takes a function`);
    if (this.#over !== undefined) return make();
    const seqno = this.#submitted + 1;
    for (const [filter] of SCOPES) this.device.pushErrorScope(filter);
    let made: R;
    try {
      made = make();
    } finally {
      for (const [, code] of SCOPES.toReversed()) this.#pop(seqno, code, 'guard()');
    }
    must(!isPromise(made), `${this.#name}: guard(): no await inside; guard each synchronous part`);
    return made;
  }

  /**
   * From here on every `device.queue.submit()`, whoever calls it, is one of ours.
   *
   * @returns a disposable that gives the queue back.
   * @throws FenceError `EBUSY` if the queue of this device is adopted already.
   */
  adopt(): Disposable {
    const { queue } = this.device;
    const adoption = adoptQueue(queue, this.#name, (buffers) => {
      const list = [...buffers];
      this.#submit(() => {
        submitTo(queue, list);
      }).put();
    });
    this.#adoption = adoption;
    return adoption;
  }

  /**
   * Destroys, closes or calls it when nothing that is recorded so far can need it. A lost device and a disposed queue free it at once.
   *
   * @param when `submitted`, the default: after the next submit, which is all that WebGPU asks for. `done`: after that one is done, for
   * things that are recycled.
   */
  retire(what: Retired, when: 'submitted' | 'done' = 'submitted'): void {
    const { destroy, close } = (what as Partial<Closable> | undefined) ?? {};
    const method = typeof what === 'function' ? what : (close ?? destroy);
    must(
      typeof method === 'function',
      `${this.#name}: retire() takes something to destroy(), to close(), or a function`,
    );
    must(['submitted', 'done'].includes(when), `${this.#name}: retire(): when must be "submitted" or "done"`);
    const free = (): void => {
      method.call(what);
    };
    const done = when === 'done';
    this.#retired.push({ free, done });
    if (this.#over !== undefined) this.#free();
  }

  /** Fails what is pending with `ECANCELED`, frees what is retired, gives an adopted queue back. The device lives on. */
  [Symbol.dispose](): void {
    this.#end(new FenceError('ECANCELED', `${this.#name}: the queue was disposed of`));
  }

  /** @internal Completion is asked for now: what it returns runs when all work up to now is done. */
  _asking(): () => void {
    const { submitted } = this;
    const marked = (this.#marked = this.#marks.context.lastSeqno);
    return () => {
      this.#verdicts.done(submitted);
      if (marked > this.#marks.value) this.#marks.advanceTo(marked);
    };
  }

  /** @internal The device is gone. */
  _lose(why: unknown): void {
    if (this.#over !== undefined) return;
    this.#lost = failure('ENODEV', `${this.#name}: the device was lost`, why);
    this.#end(this.#lost);
  }

  /**
   * @internal A platform rejected something, as on a lost device. `then` is called once: with why nothing ends well any more, or with
   * nothing where the device lives on.
   */
  _suspect(cause: unknown, then: (over: FenceError | undefined) => void): void {
    if (this.#over !== undefined) {
      then(this.#over);
      return;
    }
    const unlink = this._onEnd(then);
    suspectLoss(this.device, this.#link, cause, () => {
      // Not if the end came meanwhile: then it was told.
      if (unlink()) then(undefined);
    });
  }

  get #name(): string {
    return nameOf(this.context);
  }

  #submit(hand: () => void): Owned<DmaFence<undefined>> {
    if (this.#over !== undefined) return this.#fence(++this.#submitted);
    if (this.#scoped) this.device.pushErrorScope('validation');
    try {
      hand();
    } catch (error) {
      // A scope that is left open would take the errors of others.
      if (this.#scoped) this.device.popErrorScope().catch(() => undefined);
      throw error;
    }
    const seqno = ++this.#submitted;
    if (this.#scoped) this.#pop(seqno, 'EINVAL', 'submit()');
    const fence = this.#fence(seqno);
    this.#timeline.emitted(seqno);
    if (this.#retired.length > 0) this.#free();
    this.#completion.submitted();
    return fence;
  }

  /** Takes the innermost scope off, in the turn that put it there, and lets what it caught decide on submit `seqno`. */
  #pop(seqno: number, code: FenceErrorCode, call: string): void {
    this.#verdicts.expect(seqno);
    const what = `${this.#name}:${seqno}: ${call}`;
    this.device.popErrorScope().then(
      (error) => {
        this.#judge(seqno, error === null ? undefined : failure(code, what, error));
      },
      // A device that is gone; if it is not, then nobody knows what became of this submit.
      (error: unknown) => {
        this._suspect(error, (over) => {
          if (over === undefined) this.#judge(seqno, failure('EIO', what, error));
        });
      },
    );
  }

  #judge(seqno: number, error: FenceError | undefined): void {
    this.#verdicts.judge(seqno, error);
    // A bad one is told soon, whoever waits.
    if (error !== undefined) this.#completion.want(seqno);
  }

  #fence(seqno: number): Owned<DmaFence<undefined>> {
    const { context } = this.#timeline;
    return context.lastSeqno < seqno && this.#over === undefined
      ? this.#timeline.createFence()
      : (this.#timeline.fenceAt(seqno) as Owned<DmaFence<undefined>>);
  }

  #end(error: FenceError): void {
    if (this.#over !== undefined) return;
    this.#over = error;
    this.#link.client = undefined;
    this.#completion.stop();
    this.#adoption?.[Symbol.dispose]();
    this.#timeline.cancel(error);
    this.#marks.cancel(error);
    for (const ending of this.#endings) ending(error);
    this.#endings.clear();
    this.#free();
  }

  /** What was retired before this submit is not needed by a later one. */
  #free(): void {
    const retired = this.#retired;
    this.#retired = [];
    for (const { free, done } of retired) {
      if (done && this.#over === undefined) {
        whenEnded(this.mark(), free);
      } else {
        try {
          free();
        } catch (error) {
          // As an uncaught one: the rest is freed all the same.
          queueMicrotask(() => {
            throw error;
          });
        }
      }
    }
  }
}
