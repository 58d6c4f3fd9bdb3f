import type { Owned } from '@dma-fence/core';
import { FramePacer, GpuQueue, ReadbackRing, type ReadbackSlot } from '@dma-fence/webgpu';
import { pictureOf, type Submit } from '#page/gpu/log.js';
import { HEIGHT, Scene, WIDTH } from '#page/gpu/scene.js';
import { TimelineModel } from '#page/model.js';
import { Painter } from '#page/painter.js';
import { Viewport } from '#page/viewport.js';

const SHOWN_MS = 3000;
const MOST_AGES = 240;

function find<E extends Element>(selector: string, kind: new () => E): E {
  const found = document.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`the page has no ${selector}`);
  return found;
}

const text = (id: string, value: string): void => {
  find(id, HTMLElement).textContent = value;
};
const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

const load = find('#load', HTMLInputElement);
const pacing = find('#pacing', HTMLInputElement);
const fences = find('#fences', HTMLInputElement);

/** What is told, and whether it is bad. */
function say(message: string, bad = false): void {
  const status = find('#status', HTMLElement);
  status.textContent = message;
  status.classList.toggle('failed', bad);
}

/** A device, its queue of fences, and what became of each frame. */
class Run {
  readonly device: GPUDevice;
  readonly #scene: Scene;
  readonly #queue: GpuQueue;
  readonly #pacer: FramePacer;
  readonly #ring: ReadbackRing;
  readonly #context: CanvasRenderingContext2D;
  readonly #toldErrors: boolean;
  broken = false;
  inFlight = 0;
  finished = 0;
  failed = 0;
  submits: Submit[] = [];
  readonly ages: number[] = [];

  constructor(device: GPUDevice, context: CanvasRenderingContext2D, toldErrors: boolean) {
    this.device = device;
    this.#toldErrors = toldErrors;
    this.#scene = new Scene(device);
    this.#context = context;
    this.#queue = new GpuQueue(device, { name: 'page', errors: toldErrors ? 'submit' : 'off' });
    this.#pacer = new FramePacer(this.#queue);
    // Without fences as programs do it by hand: whatever the buffer holds is shown.
    this.#ring = new ReadbackRing(this.#queue, { byteLength: WIDTH * HEIGHT * 4, stamp: toldErrors });
  }

  get skipped(): number {
    return this.#pacer.skipped;
  }

  get over(): boolean {
    return this.#queue.lost !== undefined;
  }

  /** Submits a frame, unless there are enough on the GPU. */
  frame(now: number, rounds: number, paced: boolean): void {
    if (this.over || (paced && !this.#pacer.ready)) return;
    const { broken } = this;
    this.broken = false;
    const encoder = this.#scene.record(now / 1000, rounds, broken);
    const slot = this.#ring.tryAcquire()?.copy(encoder, this.#scene.pixels);
    using fence = this.#queue.submit([encoder]);
    if (slot !== undefined) void this.#show(slot, fence.get());
    this.#pacer.track(fence);
    const submit: Submit = {
      name: fence.name,
      number: fence.seqno,
      submitted: performance.now(),
      ended: null,
      error: null,
    };
    this.submits.push(submit);
    this.inFlight++;
    const waits = fence.addCallback(({ error }) => {
      this.#ended(submit, error);
    });
    // It has ended already on a device that is lost.
    if (!waits) this.#ended(submit, fence.error);
    if (broken && !this.#toldErrors) {
      say(
        'A submit was broken: that frame did not run, and the picture shown for it is an old one. With fences off nobody is told.',
      );
    }
  }

  [Symbol.dispose](): void {
    this.#pacer[Symbol.dispose]();
    this.#ring[Symbol.dispose]();
    this.#queue[Symbol.dispose]();
    this.device.destroy();
  }

  /** Draws what the submit computed; a frame that failed is not drawn. */
  async #show(slot: ReadbackSlot, fence: Owned): Promise<void> {
    using held = fence;
    const pixels = await slot
      .read(held, (bytes) => new Uint8ClampedArray(bytes.slice(0)))
      .catch(() => undefined);
    if (pixels !== undefined) this.#context.putImageData(new ImageData(pixels, WIDTH, HEIGHT), 0, 0);
  }

  #ended(submit: Submit, error: Error | undefined): void {
    submit.ended = performance.now();
    this.inFlight--;
    if (error === undefined) {
      this.finished++;
      this.ages.push(submit.ended - submit.submitted);
      if (this.ages.length > MOST_AGES) this.ages.shift();
      return;
    }
    this.failed++;
    const { code } = error as { code?: string };
    submit.error = `${String(code)}: ${error.message}`;
    if (code !== 'ECANCELED') say(submit.error, true);
  }
}

/** A canvas at the density of the screen, empty. */
function prepared(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const { clientWidth, clientHeight } = canvas;
  const density = devicePixelRatio;
  canvas.width = Math.round(clientWidth * density);
  canvas.height = Math.round(clientHeight * density);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this browser draws nothing on a canvas');
  context.setTransform(density, 0, 0, density, 0, 0);
  return context;
}

function drawAges(ages: readonly number[]): void {
  const canvas = find('#ages', HTMLCanvasElement);
  const context = prepared(canvas);
  const { clientWidth: width, clientHeight: height } = canvas;
  const most = Math.max(50, ...ages);
  const top = 10 ** Math.ceil(Math.log10(most));
  const limit = [0.2, 0.5, 1].map((part) => part * top).find((each) => each >= most) ?? top;
  context.font = '12px system-ui, sans-serif';
  context.textBaseline = 'middle';
  for (const part of [0, 0.5, 1]) {
    const y = Math.round(height - 8 - part * (height - 18)) + 0.5;
    context.fillStyle = colour('line');
    context.fillRect(44, y, width - 44, 1);
    context.fillStyle = colour('faint');
    context.textAlign = 'right';
    context.fillText(String(part * limit), 38, y);
  }
  context.fillStyle = colour('accent');
  const step = (width - 48) / MOST_AGES;
  for (const [index, age] of ages.entries()) {
    const high = (age / limit) * (height - 18);
    context.fillRect(46 + index * step, height - 8 - high, Math.max(1, step - 0.5), Math.max(1, high));
  }
}

function drawTimeline(submits: readonly Submit[], now: number): void {
  const canvas = find('#timeline', HTMLCanvasElement);
  const context = prepared(canvas);
  const model = new TimelineModel(pictureOf(submits, now, SHOWN_MS));
  const view = new Viewport(SHOWN_MS);
  const names = ['text', 'faint', 'line', 'panel', 'accent', 'failed', 'canceled', 'pending'] as const;
  const colours = Object.fromEntries(names.map((name) => [name, colour(name)])) as Record<
    (typeof names)[number],
    string
  >;
  const rows = model.lanes[0]?.rows.length ?? 1;
  const gutter = 44;
  const painter = new Painter(context, model, view, {
    ...colours,
    dark: matchMedia('(prefers-color-scheme: dark)').matches,
    bar: Math.max(3, Math.min(20, Math.floor((canvas.clientHeight - 50) / rows))),
    gutter,
  });
  view.resize(gutter, canvas.clientWidth - gutter, canvas.clientHeight - 26, painter.contentHeight);
  view.fit();
  painter.paint({ hovered: -1, selected: -1, found: undefined });
}

let run: Run | undefined;

/** Begins on a new device. */
async function begin(): Promise<void> {
  run?.[Symbol.dispose]();
  run = undefined;
  const { gpu } = navigator as Partial<typeof navigator>;
  const adapter = await gpu?.requestAdapter();
  if (adapter == null) {
    say(
      'This browser gives no GPU. Chrome, Edge, Safari and Firefox have WebGPU; some want it switched on.',
      true,
    );
    return;
  }
  const device = await adapter.requestDevice();
  const context = find('#scene', HTMLCanvasElement).getContext('2d');
  if (context === null) throw new Error('this browser draws nothing on a canvas');
  run = new Run(device, context, fences.checked);
  say(fences.checked ? 'Each submit has a fence that tells its error.' : 'Fences tell when, not whether.');
  find('#lose', HTMLButtonElement).textContent = 'Lose the device';
}

const roundsOf = (): number => Math.round(8 * 2 ** Number(load.value));

function animate(now: number): void {
  requestAnimationFrame(animate);
  text('#load-text', `${String(roundsOf())} rounds a pixel`);
  if (run === undefined) return;
  run.frame(now, roundsOf(), pacing.checked);
  if (run.over) find('#lose', HTMLButtonElement).textContent = 'Get a new device';
}

/** Four times a second: what people can read. */
function show(): void {
  if (run === undefined) return;
  const now = performance.now();
  run.submits = run.submits.filter(({ ended }) => ended === null || ended > now - SHOWN_MS);
  const age = run.ages.at(-1);
  text('#age', age === undefined ? '–' : `${age.toFixed(age < 10 ? 1 : 0)} ms`);
  text('#in-flight', String(run.inFlight));
  text('#finished', String(run.finished));
  text('#skipped', String(run.skipped));
  text('#failed', String(run.failed));
  if (run.over) return;
  drawAges(run.ages);
  drawTimeline(run.submits, now);
}

find('#break', HTMLButtonElement).addEventListener('click', () => {
  if (run !== undefined) run.broken = true;
});
find('#lose', HTMLButtonElement).addEventListener('click', () => {
  if (run?.over === true) void begin();
  else run?.device.destroy();
});
fences.addEventListener('change', () => void begin());

await begin();
requestAnimationFrame(animate);
setInterval(show, 250);
