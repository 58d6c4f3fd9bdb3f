import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { SharedTimeline } from '@dma-fence/core/shared';
import { writeJson } from '../../../scripts/figures.js';
import { recordShared } from './shared-figures.js';

/*
 * What a shared timeline costs against raw Atomics and postMessage, in one process, as ratios:
 * `node bench/shared.js [--json results.json] [--record]`, exit 1 when a "must" is missed. Times are one way (half a round trip) in microseconds; a ratio is the median over rounds, in each of which all ways take turns.
 */

const { values: options } = parseArgs({ options: { json: { type: 'string' }, record: { type: 'boolean' } } });

const ROUNDS = 15;
const TRIPS = 400;

/** @param {readonly number[]} sorted @param {number} share */
const at = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
/** @param {readonly number[]} list */
const ascending = (list) => [...list].sort((a, b) => a - b);

const words = new Int32Array(new SharedArrayBuffer(8));
const ping = SharedTimeline.create({ driverName: 'bench', timelineName: 'ping' });
const pong = SharedTimeline.create({ driverName: 'bench', timelineName: 'pong' });

/** @param {SharedTimeline} from */
const spawn = (from) =>
  new Worker(new URL('shared-worker.js', import.meta.url), {
    workerData: { words, ping: from.handle, pong: pong.handle },
  });

const worker = spawn(ping);

/** @typedef {(samples: number[]) => Promise<void>} Way */

/** @typedef {(words: Int32Array, index: number, expected: number) => { async: boolean; value: unknown }} WaitAsync */

const { waitAsync } = /** @type {{ waitAsync: WaitAsync }} */ (/** @type {unknown} */ (Atomics));

/** @param {string} role @param {number} count */
async function begin(role, count) {
  worker.postMessage({ role, count });
  await once(worker, 'message');
}

/** @type {Record<string, Way>} */
const ways = {
  async 'Atomics.wait, both block'(samples) {
    words.fill(0);
    await begin('raw', TRIPS);
    for (let i = 1; i <= TRIPS; i++) {
      const start = performance.now();
      Atomics.store(words, 0, i);
      Atomics.notify(words, 0);
      while (Atomics.load(words, 1) < i) Atomics.wait(words, 1, i - 1);
      samples.push(performance.now() - start);
    }
    await once(worker, 'message');
  },
  async 'waitSync, both block'(samples) {
    await begin('timeline', TRIPS);
    const first = ping.value;
    for (let value = first + 1; value <= first + TRIPS; value++) {
      const start = performance.now();
      ping.advanceTo(value);
      pong.waitSync(value);
      samples.push(performance.now() - start);
    }
    await once(worker, 'message');
  },
  // A thread that does not block hands over and then waits, or is armed before it hands over: the other side's wake-up hides what
  // arming costs, or does not. Each order has its own raw twin.
  async 'hand over, then Atomics.waitAsync'(samples) {
    words.fill(0);
    await begin('raw', TRIPS);
    for (let i = 1; i <= TRIPS; i++) {
      const start = performance.now();
      Atomics.store(words, 0, i);
      Atomics.notify(words, 0);
      for (;;) {
        if (Atomics.load(words, 1) >= i) break;
        const { async, value } = waitAsync(words, 1, i - 1);
        if (async) await value;
      }
      samples.push(performance.now() - start);
    }
    await once(worker, 'message');
  },
  async 'hand over, then fence.wait()'(samples) {
    await begin('timeline', TRIPS);
    const first = ping.value;
    for (let value = first + 1; value <= first + TRIPS; value++) {
      const start = performance.now();
      ping.advanceTo(value);
      const fence = pong.fenceAt(value);
      await fence.wait();
      samples.push(performance.now() - start);
      fence.put();
    }
    await once(worker, 'message');
  },
  async 'Atomics.waitAsync, then hand over'(samples) {
    words.fill(0);
    await begin('raw', TRIPS);
    for (let i = 1; i <= TRIPS; i++) {
      const start = performance.now();
      const { async, value } = waitAsync(words, 1, i - 1);
      Atomics.store(words, 0, i);
      Atomics.notify(words, 0);
      if (async) await value;
      if (Atomics.load(words, 1) < i) throw new Error('woken too early');
      samples.push(performance.now() - start);
    }
    await once(worker, 'message');
  },
  async 'fence.wait(), then hand over'(samples) {
    await begin('timeline', TRIPS);
    const first = ping.value;
    for (let value = first + 1; value <= first + TRIPS; value++) {
      const start = performance.now();
      const fence = pong.fenceAt(value);
      const wait = fence.wait();
      ping.advanceTo(value);
      await wait;
      samples.push(performance.now() - start);
      fence.put();
    }
    await once(worker, 'message');
  },
  async 'postMessage, both ways'(samples) {
    const arrived = () =>
      new Promise((resolve) => {
        worker.once('message', resolve);
      });
    for (let i = 1; i <= TRIPS; i++) {
      const start = performance.now();
      const answer = arrived();
      worker.postMessage('ping');
      await answer;
      samples.push(performance.now() - start);
    }
  },
};

/** @type {Map<string, { rounds: number[]; all: number[] }>} */
const results = new Map(Object.keys(ways).map((name) => [name, { rounds: [], all: [] }]));
for (let round = -2; round < ROUNDS; round++) {
  for (const [name, way] of Object.entries(ways)) {
    /** @type {number[]} */
    const samples = [];
    await way(samples);
    if (round < 0) continue;
    const oneWay = ascending(samples.map((ms) => (ms * 1000) / 2));
    results.get(name)?.rounds.push(at(oneWay, 0.5));
    results.get(name)?.all.push(...oneWay);
  }
}

/** @type {{ way: string; p50: number; p99: number }[]} */
const latencies = [];
console.log(`Node ${process.versions.node}, V8 ${process.versions.v8}`);
console.log('one way, µs'.padEnd(48), 'p50'.padStart(8), 'p99'.padStart(8));
for (const [way, { all }] of results) {
  const sorted = ascending(all);
  const [p50, p99] = [at(sorted, 0.5), at(sorted, 0.99)];
  latencies.push({ way, p50, p99 });
  console.log(way.padEnd(48), p50.toFixed(2).padStart(8), p99.toFixed(2).padStart(8));
}

/** @param {string} a @param {string} b */
function ratio(a, b) {
  const [over, under] = [results.get(a)?.rounds ?? [], results.get(b)?.rounds ?? []];
  return at(ascending(over.map((value, i) => value / (under[i] ?? Number.NaN))), 0.5);
}

/** @type {{ what: string; ratio: number; must: number | undefined }[]} */
const verdicts = [];
/** @param {string} what @param {number} value @param {number} [must] */
function verdict(what, value, must) {
  verdicts.push({ what, ratio: value, must });
  const bound = must === undefined ? '' : `must ≤ ${String(must)}  ${value <= must ? 'ok' : 'MISSED'}`;
  console.log(`${what.padEnd(64)} ${value.toFixed(2).padStart(6)}  ${bound}`);
}

console.log();
verdict(
  'blocked worker: waitSync / Atomics.wait',
  ratio('waitSync, both block', 'Atomics.wait, both block'),
  1.1,
);
verdict(
  'blocked worker: waitSync / postMessage',
  ratio('waitSync, both block', 'postMessage, both ways'),
  0.7,
);
verdict(
  'main thread: fence.wait() / Atomics.waitAsync',
  ratio('hand over, then fence.wait()', 'hand over, then Atomics.waitAsync'),
  1.15,
);
verdict(
  'the same, armed before the hand-over',
  ratio('fence.wait(), then hand over', 'Atomics.waitAsync, then hand over'),
);

/** Nanoseconds per advance when nobody waits. @param {number} count */
function advances(count) {
  const own = SharedTimeline.create({ driverName: 'bench', timelineName: 'advance' });
  const start = performance.now();
  for (let value = 1; value <= count; value++) own.advanceTo(value);
  const took = ((performance.now() - start) * 1e6) / count;
  own[Symbol.dispose]();
  return took;
}

/** Nanoseconds for a promise with one reaction, as the other rows of the bench count it. @param {number} count */
async function promises(count) {
  let reactions = 0;
  const react = () => {
    reactions++;
  };
  const start = performance.now();
  for (let done = 0; done < count; done += 1000) {
    for (let i = 0; i < 1000; i++) {
      /** @type {(() => void) | undefined} */
      let resolve;
      const promise = new Promise((/** @type {(value?: undefined) => void} */ settle) => {
        resolve = settle;
      });
      void promise.then(react);
      resolve?.();
    }
    await Promise.resolve();
  }
  if (reactions < count - 1000) throw new Error('reactions are missing');
  return ((performance.now() - start) * 1e6) / count;
}

const ratios = [];
for (let round = 0; round < 9; round++) ratios.push(advances(300_000) / (await promises(300_000)));
verdict('advance with nobody waiting / a promise', at(ascending(ratios.slice(2)), 0.5), 0.4);

/** @type {{ waiting: number; advancesPerSecond: number }[]} */
const throughput = [];
console.log('\nadvances a second, each notifying everybody who sleeps');
for (const sleepers of [0, 1, 4]) {
  const own = SharedTimeline.create({ driverName: 'bench', timelineName: `${String(sleepers)} asleep` });
  const threads = Array.from({ length: sleepers }, () => spawn(own));
  const count = sleepers === 0 ? 2_000_000 : 500_000;
  for (const thread of threads) {
    thread.postMessage({ role: 'sleep', count });
    await once(thread, 'message');
  }
  // They say so just before they fall asleep.
  await new Promise((resolve) => {
    setTimeout(resolve, 50);
  });
  const start = performance.now();
  for (let value = 1; value <= count; value++) own.advanceTo(value);
  const took = performance.now() - start;
  const advancesPerSecond = (count / took) * 1000;
  throughput.push({ waiting: sleepers, advancesPerSecond });
  console.log(`${String(sleepers)} waiting threads: ${advancesPerSecond.toExponential(2)}`);
  await Promise.all(threads.map((thread) => thread.terminate()));
  own[Symbol.dispose]();
}
await worker.terminate();

const { node, v8 } = process.versions;
const report = { node, v8, latencies, verdicts, throughput };
if (options.json !== undefined) writeJson(options.json, report);
if (options.record === true) recordShared(report);
const missed = verdicts.filter(({ ratio: value, must }) => must !== undefined && value > must);
process.exitCode = missed.length === 0 ? 0 : 1;
