import {
  DmaReservation,
  FenceUsage,
  lockReservations,
  mergeFences,
  traceDependency,
  type Borrowed,
  type Owned,
  type ReservationLock,
  type ReservationLocks,
} from '@dma-fence/core';
import type { Strike } from '../engine/chaos.js';
import { CpuQueue, type CpuJob } from './cpu-queue.js';
import type { Engine } from '../engine/engine.js';
import { OUTPUT, PASSES } from '../pass/pass.js';
import { lockWhileSignalling, waitUnderLock } from './planted-bug.js';
import {
  allocateSurface,
  bandsOf,
  BUFFER_NAMES,
  pixelsOf,
  type BufferName,
  type SharedPixels,
  type Size,
} from '../picture/surface.js';
import type { Dependencies } from './work.js';

/** The buffers that frames take turns on, with the fences of each, and the two queues of the CPU's own work. */
export class RenderTarget implements Disposable {
  readonly shared: SharedPixels;
  readonly buffers: Readonly<Record<BufferName, DmaReservation>>;
  readonly uploads: CpuQueue;
  readonly readbacks: CpuQueue;

  /**
   * @param name - tells its timelines from those of others
   * @param pixels - the most that a picture on it will have
   */
  constructor(name: string, pixels: number) {
    this.shared = allocateSurface(pixels);
    const buffers = {} as Record<BufferName, DmaReservation>;
    for (const buffer of BUFFER_NAMES) buffers[buffer] = new DmaReservation({ name: `${buffer}-${name}` });
    this.buffers = buffers;
    this.uploads = new CpuQueue(`upload-${name}`);
    this.readbacks = new CpuQueue(`readback-${name}`);
  }

  /** Gives the fences back; the memory goes when nobody uses it. */
  [Symbol.dispose](): void {
    for (const part of [...Object.values(this.buffers), this.uploads, this.readbacks]) part[Symbol.dispose]();
  }
}

/** How a frame is to be rendered. */
export interface FrameRequest {
  readonly name: string;
  readonly index: number;
  readonly size: Size;
  readonly hangMs: number;
  /** False: submit everything without waits. */
  readonly fenced: boolean;
  readonly strike: Strike | undefined;
  /** Whether the frame takes part in the planted deadlock. */
  readonly deadlock?: boolean | undefined;
  /** What depends on the finished picture. */
  readonly shown?: Borrowed | undefined;
}

/** Jobs that a frame of this height comes to. */
export function jobsOf(size: Size, engines: number): number {
  return PASSES.length * bandsOf(size.height, engines).length;
}

/**
 * Renders one picture. Once its buffers are locked, everything is submitted at once, in order: the upload, a job for
 * every pass and band, and the readback; from then on fences alone decide what runs when.
 *
 * @param pixels - the decoded picture, still to come
 * @returns the finished RGBA pixels, in memory of their own; rejects with the first error of what they depend on
 */
export async function renderFrame(
  request: FrameRequest,
  target: RenderTarget,
  engines: readonly Engine[],
  pixels: Promise<SharedArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const { name, index, size } = request;
  const { shared, uploads, readbacks, buffers } = target;
  let upload: CpuJob<void>;
  let readback: CpuJob<Uint8Array<ArrayBuffer>>;
  {
    using locks = await lockReservations(Object.values(buffers));
    using submission = new Submission(target, locks, request.fenced);
    const free = submission.after([], 'source');
    upload = uploads.submit(`${name} upload`, index, free, pixels, (decoded) => {
      if (request.deadlock === true) lockWhileSignalling(buffers.source);
      new Uint8Array(shared.source).set(new Uint8Array(decoded));
    });
    submission.add([upload.fence.get()], [], 'source');

    submitPasses(request, target, engines, submission);

    const outcome = { data: submission.outcome() };
    readback = readbacks.submit(`${name} readback`, index, outcome, Promise.resolve(), () =>
      pixelsOf(shared, size)[OUTPUT].slice(),
    );
    if (request.shown !== undefined) traceDependency(request.shown, readback.fence);
    submission.add([readback.fence], [OUTPUT]);
  }
  try {
    const result = await readback.result;
    if (request.deadlock === true) await waitUnderLock(buffers.source, upload.fence);
    return result;
  } finally {
    upload.fence.put();
  }
}

/** Submits the passes band by band. Neighbours in a ring work for different bands, so every pass crosses engines. */
function submitPasses(
  { name, index, size, hangMs, strike }: FrameRequest,
  { shared }: RenderTarget,
  engines: readonly Engine[],
  submission: Submission,
): void {
  const bands = bandsOf(size.height, engines.length);
  for (const [pass, { name: passName, reads, writes }] of PASSES.entries()) {
    const after = submission.after(reads, writes);
    const fences = bands.map((band, place): Owned => {
      const mischief = strike?.job === pass * bands.length + place ? strike.mischief : undefined;
      const label = `${name} ${passName} ${String(place + 1)}/${String(bands.length)}`;
      const work = { pass, pixels: shared, size, band, mischief };
      const engine = engines[(place + pass) % engines.length] as Engine;
      return engine.submit({ label, frame: index, work, submission: submission.id, hangMs }, after);
    });
    submission.add(fences, reads, writes);
  }
}

/**
 * What one frame submits. Its own passes wait for each other by fences handed on (explicit synchronisation): so what
 * has failed already is heard of, too. Of other frames the buffers' reservations know (implicit synchronisation).
 */
class Submission implements Disposable {
  static #last = 0;
  readonly id: number;
  readonly #buffers: Readonly<Record<BufferName, DmaReservation>>;
  readonly #locks: ReservationLocks;
  readonly #fenced: boolean;
  /** By what each buffer was last written in this frame. */
  readonly #written = new Map<BufferName, readonly Borrowed[]>();
  readonly #mine: Owned[] = [];

  constructor({ buffers }: RenderTarget, locks: ReservationLocks, fenced: boolean) {
    this.id = Submission.#last += 1;
    this.#buffers = buffers;
    this.#locks = locks;
    this.#fenced = fenced;
  }

  /** What work on these buffers waits for. */
  after(reads: readonly BufferName[], writes: BufferName): Dependencies {
    if (!this.#fenced) return {};
    const data = mergeFences(reads.flatMap((buffer) => this.#written.get(buffer) ?? []));
    const order = this.#buffers[writes].singleton(FenceUsage.READ);
    this.#mine.push(data, ...(order === undefined ? [] : [order]));
    return { data, order };
  }

  /** Takes over the fences of work on these buffers, and lets others know of them. */
  add(fences: readonly Owned[], reads: readonly BufferName[], writes?: BufferName): void {
    this.#mine.push(...fences);
    if (writes !== undefined) this.#written.set(writes, fences);
    if (!this.#fenced) return;
    for (const fence of fences) {
      for (const buffer of reads) this.#lock(buffer).add(fence, FenceUsage.READ);
      if (writes !== undefined) this.#lock(writes).add(fence, FenceUsage.WRITE);
    }
  }

  /** One fence for the finished picture. */
  outcome(): Borrowed {
    const outcome = mergeFences(this.#written.get(OUTPUT) ?? []);
    this.#mine.push(outcome);
    return outcome;
  }

  [Symbol.dispose](): void {
    for (const fence of this.#mine) fence.put();
  }

  #lock(buffer: BufferName): ReservationLock {
    return this.#locks.of(this.#buffers[buffer]);
  }
}
