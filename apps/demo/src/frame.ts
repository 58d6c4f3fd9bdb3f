import {
  DmaFenceContext,
  traceDependency,
  waitAll,
  type Borrowed,
  type DriverFence,
  type Owned,
} from '@dma-fence/core';
import type { Strike } from './chaos.js';
import { monotonicNow } from './clock.js';
import type { Engine } from './engine.js';
import { WorkRecord } from './job.js';
import { dependenciesOf, Hazard, NO_DEPENDENCIES } from './hazard.js';
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
  readonly hazards: Readonly<Record<BufferName, Hazard>>;
  readonly uploads: DmaFenceContext;
  readonly readbacks: DmaFenceContext;

  /**
   * @param name - tells its timelines from those of others
   * @param pixels - the most that a picture on it will have
   */
  constructor(name: string, pixels: number) {
    this.shared = allocateSurface(pixels);
    this.hazards = Object.fromEntries(
      BUFFER_NAMES.map((buffer) => [buffer, new Hazard()]),
    ) as unknown as Record<BufferName, Hazard>;
    this.uploads = new DmaFenceContext({ driverName: 'cpu', timelineName: `upload-${name}` });
    this.readbacks = new DmaFenceContext({ driverName: 'cpu', timelineName: `readback-${name}` });
  }

  /** Gives the fences back; the memory goes when nobody uses it. */
  [Symbol.dispose](): void {
    for (const hazard of Object.values(this.hazards)) hazard[Symbol.dispose]();
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
 * Renders one picture. Everything is submitted at once, in order, before this function returns its promise:
 * the upload, a job for every pass and band, and the readback; from then on fences alone decide what runs when.
 *
 * @param pixels - the decoded picture, still to come
 * @returns the finished RGBA pixels, in memory of their own; rejects with the first error of what they depend on
 */
export function renderFrame(
  request: FrameRequest,
  target: RenderTarget,
  engines: readonly Engine[],
  pixels: Promise<SharedArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const { hazards } = target;
  const now = monotonicNow();
  const upload = target.uploads.createFence(new WorkRecord(`${request.name} upload`, request.index, now));
  const uploadAfter = request.fenced ? hazards.source.users.map((fence) => fence.get()) : [];
  if (request.fenced) hazards.source.wrote([upload]);
  const outputs = submitPasses(request, target, engines);
  const readback = target.readbacks.createFence(
    new WorkRecord(`${request.name} readback`, request.index, now),
  );
  for (const fence of uploadAfter) traceDependency(upload, fence);
  for (const fence of outputs) traceDependency(readback, fence);
  if (request.fenced) hazards[OUTPUT].reads([readback]);

  void runUpload(upload, uploadAfter, target, pixels);
  return runReadback(readback, outputs, target, request.size);
}

/** Submits the passes band by band. Neighbours in a ring work for different bands, so every pass crosses engines. */
function submitPasses(
  { name, index, size, hangMs, fenced, strike }: FrameRequest,
  { shared, hazards }: RenderTarget,
  engines: readonly Engine[],
): Owned[] {
  const bands = bandsOf(size.height, engines.length);
  let last: Owned[] = [];
  for (const [pass, { name: passName, reads, writes }] of PASSES.entries()) {
    const read = reads.map((buffer) => hazards[buffer]);
    const after = fenced ? dependenciesOf(read, [hazards[writes]]) : NO_DEPENDENCIES;
    const fences = bands.map((band, place): Owned => {
      const mischief = strike?.job === pass * bands.length + place ? strike.mischief : undefined;
      const label = `${name} ${passName} ${String(place + 1)}/${String(bands.length)}`;
      const work = { pass, pixels: shared, size, band, mischief };
      const engine = engines[(place + pass) % engines.length] as Engine;
      return engine.submit({ label, frame: index, work, hangMs }, after);
    });
    if (fenced) {
      for (const hazard of read) hazard.reads(fences);
      hazards[writes].wrote(fences);
    }
    for (const fence of last) fence.put();
    last = fences;
  }
  return last;
}

async function runUpload(
  upload: Owned<DriverFence<WorkRecord>>,
  after: readonly Owned[],
  { shared }: RenderTarget,
  pixels: Promise<SharedArrayBuffer>,
): Promise<void> {
  try {
    const decoded = await pixels;
    await over(after);
    await upload.signalAfter(() => {
      upload.data.startedAt = monotonicNow();
      new Uint8Array(shared.source).set(new Uint8Array(decoded));
    });
  } catch (error) {
    // The jobs that wait for this picture learn it from the fence, and whoever decodes it from its promise.
    upload.fail(error instanceof Error ? error : new Error(String(error)));
  } finally {
    for (const fence of after) fence.put();
    upload.put();
  }
}

async function runReadback(
  readback: Owned<DriverFence<WorkRecord>>,
  outputs: readonly Owned[],
  { shared }: RenderTarget,
  size: Size,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    await waitAll(outputs);
    return await readback.signalAfter(() => {
      readback.data.startedAt = monotonicNow();
      return pixelsOf(shared, size)[OUTPUT].slice();
    });
  } catch (error) {
    readback.fail(error instanceof Error ? error : new Error(String(error)));
    throw error;
  } finally {
    for (const fence of outputs) fence.put();
    readback.put();
  }
}

/** Waits until all are over, however they end. */
async function over(fences: readonly Borrowed[]): Promise<void> {
  await Promise.allSettled(fences.map((fence) => fence.wait()));
}
