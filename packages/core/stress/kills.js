import { fileURLToPath } from 'node:url';
import { SharedTimeline } from '@dma-fence/core/shared';
import { reportOf, startWorker } from './worker.js';

const victim = fileURLToPath(new URL('kills-victim.js', import.meta.url));
const observer = fileURLToPath(new URL('kills-observer.js', import.meta.url));

/**
 * @typedef {object} KillReport
 * @property {number} kills
 * @property {number} seen values that the observing worker, blocked on each in turn, saw the end of
 * @property {number} ok of them, finished by their worker
 * @property {number} failed of them, failed by their worker
 * @property {number} told of these, with what their worker said
 * @property {number} canceled of them, owed by a worker that was killed
 */

/**
 * Kills workers that are finishing and failing values, at random points; another worker blocks on one value after the other, the main
 * thread awaits some. Throws if a value is left pending after its worker is gone.
 *
 * @param {{ kills: number; seed: number }} options
 * @returns {Promise<KillReport>}
 */
export async function runKills({ kills, seed }) {
  const random = generator(seed);
  const work = SharedTimeline.create({
    driverName: 'stress',
    timelineName: 'kills',
    initialValue: 2 ** 32 - 5000,
    errorSlots: 2 ** 12,
  });
  const first = work.value;
  const watching = startWorker(observer, work.readonlyHandle);
  const tally = reportOf(watching);
  for (let kill = 0; kill < kills; kill++) {
    const worker = startWorker(victim, { handle: work.handle, seed: random() });
    const binding = work.bindOwner(worker);
    const gone = new Promise((resolve) => {
      worker.once('exit', resolve);
    });
    // At its first sign of life, or up to about two milliseconds later, or, the first one always, before it has loaded.
    const early = random() % 16 === 0 || kill === 0;
    if (!early) {
      const alive = work.fenceAt(work.value + 1);
      await alive.wait().catch(() => undefined);
      alive.put();
      for (let spins = random() % 200_000; spins > 0; spins--) Atomics.load(SPIN, 0);
    }
    const owed = [work.fenceAt(work.reserve()), work.fenceAt(work.reserve())];
    const waits = owed.map((fence) => fence.wait().catch(() => undefined));
    await worker.terminate();
    await gone;
    await Promise.all(waits);
    for (const fence of owed) {
      if (!fence.signaled) throw new Error(`${fence.name} is pending after its worker is gone`);
      fence.put();
    }
    if (work.value !== work.reserved) {
      throw new Error(`${String(work.reserved - work.value)} values are left after kill ${String(kill)}`);
    }
    binding[Symbol.dispose]();
  }
  const last = work.value;
  work.cancel('ENODEV');
  const { seen, ok, failed, told, canceled } = /** @type {Omit<KillReport, 'kills'>} */ (await tally);
  if (seen !== last - first) {
    throw new Error(`the observer saw ${String(seen)} of ${String(last - first)} values`);
  }
  return { kills, seen, ok, failed, told, canceled };
}

const SPIN = new Int32Array(new SharedArrayBuffer(4));

/**
 * A small random generator, so that a run can be repeated as far as the scheduler lets it.
 *
 * @param {number} seed
 * @returns {() => number} unsigned 32-bit numbers
 */
export function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}
