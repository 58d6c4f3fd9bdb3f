import { systemClock } from '../clock.js';
import { Engine, type EngineEvents } from '../engine/engine.js';
import { disturbanceOf, type Lap } from './disturbance.js';
import { renderFrame, RenderTarget } from './frame.js';
import { measureHandOver, type HandOver } from './hand-over.js';
import type { StartHardware } from '../engine/ring.js';
import type { Size } from '../picture/surface.js';

/** How long the same work took on one engine and on all. Milliseconds for one picture. */
export interface RaceResult {
  readonly engines: number;
  readonly oneMs: number;
  readonly allMs: number;
  /** How many times as fast all were as one. */
  readonly ratio: number;
  /** Why `ratio` is not to be believed, as half a sentence; undefined: it is. */
  readonly disturbance: string | undefined;
  readonly handOver: HandOver;
}

/** The work of a lap does not depend on what is in the picture, so an empty one does. */
const TRACK: Size = { width: 1280, height: 800 };
const LAPS = 4;

const SILENT: EngineEvents = { ran: () => undefined, mishap: () => undefined };

/**
 * Measures what engines gain: renders the same picture on one engine and on all of them, in turn, with nothing else going on, and takes the best
 * lap of each: what the machine can do, not what else it was doing. Then measures how jobs are handed over between two.
 */
export async function race(count: number, start: StartHardware, signal: AbortSignal): Promise<RaceResult> {
  const engines = Array.from(
    { length: count },
    (_, index) => new Engine(`racer-${String(index)}`, start, systemClock, SILENT),
  );
  const stop = async (): Promise<void> => {
    await Promise.all(engines.map((engine) => engine.stop()));
  };
  const onAbort = (): void => void stop();
  signal.addEventListener('abort', onAbort);
  const target = new RenderTarget('race', TRACK.width * TRACK.height);
  try {
    const one: Lap[] = [];
    const all: Lap[] = [];
    for (let lap = 0; lap < LAPS; lap += 1) {
      one.push(await runLap(target, engines.slice(0, 1)));
      all.push(await runLap(target, engines));
    }
    const [oneMs, allMs] = [best(one), best(all)];
    const disturbance = disturbanceOf(one, all);
    const measured = await measureHandOver([engines[0], engines[1]] as [Engine, Engine]);
    const handOver = { ...measured, measurable: measured.measurable && disturbance === undefined };
    return { engines: count, oneMs, allMs, ratio: oneMs / allMs, disturbance, handOver };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
    target[Symbol.dispose]();
    await stop();
  }
}

function best(laps: readonly Lap[]): number {
  return Math.min(...laps.map(({ wallMs }) => wallMs));
}

async function runLap(target: RenderTarget, engines: readonly Engine[]): Promise<Lap> {
  const pixels = Promise.resolve(new SharedArrayBuffer(TRACK.width * TRACK.height * 4));
  const request = { name: 'lap', index: 0, size: TRACK, hangMs: 60_000, fenced: true, strike: undefined };
  const startedAt = performance.now();
  const before = process.cpuUsage();
  await renderFrame(request, target, engines, pixels);
  const { user, system } = process.cpuUsage(before);
  return { wallMs: performance.now() - startedAt, cpuMs: (user + system) / 1000 };
}
