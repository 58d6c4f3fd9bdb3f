import {
  DmaFenceContext,
  DmaReservation,
  FenceUsage,
  lockReservations,
  mergeFences,
  traceDependency,
  type Borrowed,
  type DriverFence,
  type Owned,
  type ReservationLock,
  type ReservationLocks,
} from '@dma-fence/core';
import type { Strike } from './chaos.js';
import { monotonicNow } from './clock.js';
import type { Engine } from './engine.js';
import { WorkRecord, type Dependencies } from './job.js';
import { OUTPUT, PASSES } from './pass.js';
import {
  allocateSurface,
  bandsOf,
  BUFFER_NAMES,
  pixelsOf,
  type BufferName,
  type SharedPixels,
  type Size,
} from './surface.js';

/** The buffers that frames take turns on, with the fences of each, and the two timelines of the CPU's own work. */
export class RenderTarget implements Disposable {
  readonly shared: SharedPixels;
  readonly buffers: Readonly<Record<BufferName, DmaReservation>>;
  readonly uploads: DmaFenceContext;
  readonly readbacks: DmaFenceContext;

  /**
   * @param name - tells its timelines from those of others
   * @param pixels - the most that a picture on it will have
   */
  constructor(name: string, pixels: number) {
    this.shared = allocateSurface(pixels);
    const buffers = {} as Record<BufferName, DmaReservation>;
    for (const buffer of BUFFER_NAMES) buffers[buffer] = new DmaReservation({ name: `${buffer}-${name}` });
    this.buffers = buffers;
    this.uploads = new DmaFenceContext({ driverName: 'cpu', timelineName: `upload-${name}` });
    this.readbacks = new DmaFenceContext({ driverName: 'cpu', timelineName: `readback-${name}` });
  }

  /** Gives the fences back; the memory goes when nobody uses it. */
  [Symbol.dispose](): void {
    for (const buffer of Object.values(this.buffers)) buffer[Symbol.dispose]();
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
  let finished: Promise<Uint8Array<ArrayBuffer>>;
  {
    using locks = await lockReservations(Object.values(target.buffers));
    using submission = new Submission(target, locks, request.fenced);
    const now = monotonicNow();
    const upload = target.uploads.createFence(new WorkRecord(`${name} upload`, index, now));
    void runUpload(upload, submission.after([], 'source').order?.get(), target, pixels);
    submission.add([upload.get()], [], 'source');

    submitPasses(request, target, engines, submission);

    const readback = target.readbacks.createFence(new WorkRecord(`${name} readback`, index, now));
    finished = runReadback(readback, submission.outcome(), target, size);
    submission.add([readback.get()], [OUTPUT]);
  }
  return finished;
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
      return engine.submit({ label, frame: index, work, submission, hangMs }, after);
    });
    submission.add(fences, reads, writes);
  }
}

/**
 * What one frame submits. Its own passes wait for each other by fences handed on (explicit synchronisation): so what
 * has failed already is heard of, too. Of other frames the buffers' reservations know (implicit synchronisation).
 */
class Submission implements Disposable {
  readonly #buffers: Readonly<Record<BufferName, DmaReservation>>;
  readonly #locks: ReservationLocks;
  readonly #fenced: boolean;
  /** By what each buffer was last written in this frame. */
  readonly #written = new Map<BufferName, readonly Borrowed[]>();
  readonly #mine: Owned[] = [];

  constructor({ buffers }: RenderTarget, locks: ReservationLocks, fenced: boolean) {
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
  outcome(): Owned {
    return mergeFences(this.#written.get(OUTPUT) ?? []);
  }

  [Symbol.dispose](): void {
    for (const fence of this.#mine) fence.put();
  }

  #lock(buffer: BufferName): ReservationLock {
    return this.#locks.of(this.#buffers[buffer]);
  }
}

async function runUpload(
  upload: Owned<DriverFence<WorkRecord>>,
  after: Owned | undefined,
  { shared }: RenderTarget,
  pixels: Promise<SharedArrayBuffer>,
): Promise<void> {
  if (after !== undefined) traceDependency(upload, after);
  try {
    const decoded = await pixels;
    // Over is enough: how other work on the buffer ended is no concern of who overwrites it.
    await after?.wait().catch(() => undefined);
    await upload.signalAfter(() => {
      upload.data.startedAt = monotonicNow();
      new Uint8Array(shared.source).set(new Uint8Array(decoded));
    });
  } catch (error) {
    // The jobs that wait for this picture learn it from the fence, and whoever decodes it from its promise.
    upload.fail(error instanceof Error ? error : new Error(String(error)));
  } finally {
    after?.put();
    upload.put();
  }
}

async function runReadback(
  readback: Owned<DriverFence<WorkRecord>>,
  outcome: Owned,
  { shared }: RenderTarget,
  size: Size,
): Promise<Uint8Array<ArrayBuffer>> {
  traceDependency(readback, outcome);
  try {
    await outcome.wait();
    return await readback.signalAfter(() => {
      readback.data.startedAt = monotonicNow();
      return pixelsOf(shared, size)[OUTPUT].slice();
    });
  } catch (error) {
    readback.fail(error instanceof Error ? error : new Error(String(error)));
    throw error;
  } finally {
    outcome.put();
    readback.put();
  }
}
