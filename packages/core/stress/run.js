import { parseArgs } from 'node:util';
import { runKills } from './kills.js';
import { heapGrowth } from './memory.js';
import { runPipeline } from './pipeline.js';

/*
 * The long version of what the tests do for a second: `node --expose-gc stress/run.js`. Smaller figures make a shorter run of it;
 * 0 leaves a part out, as `--heap 0` where nobody can collect garbage.
 */

const { values: options } = parseArgs({
  options: {
    /** How many values go through four workers. */
    values: { type: 'string', default: '1000000' },
    /** How many workers are killed, and in how many places at a time. */
    kills: { type: 'string', default: '1000' },
    lanes: { type: 'string', default: '4' },
    /** How many values the heap must be flat over: an hour at 5000 a second. */
    heap: { type: 'string', default: '18000000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 32) },
  },
});

/**
 * @param {'values' | 'kills' | 'lanes' | 'heap' | 'seed'} name
 * @returns {number}
 */
function count(name) {
  const number = Number(options[name]);
  if (!Number.isSafeInteger(number) || number < 0)
    throw new RangeError(`--${name} must be an integer from 0, not ${options[name]}`);
  return number;
}

const began = performance.now();
/** @param {string} line */
const say = (line) => {
  console.log(`${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${line}`);
};

const seed = count('seed');
say(`seed ${String(seed)}`);

const values = count('values');
if (values > 0) {
  const { values: went, waited } = await runPipeline({ values, initialValue: 2 ** 32 - (values >> 1) });
  if (went !== values) throw new Error(`${String(went)} of ${String(values)} values went through`);
  say(`${String(went)} values through four workers, across 2^32; waits: ${waited.join(', ')}`);
}

const [kills, lanes] = [count('kills'), count('lanes')];
if (kills > 0) {
  if (lanes === 0) throw new RangeError('--lanes must be at least 1');
  const reports = await Promise.all(
    Array.from({ length: lanes }, (_, lane) =>
      runKills({ kills: Math.floor((kills + lane) / lanes), seed: seed + lane }),
    ),
  );
  /** @param {keyof typeof reports[number]} key */
  const sum = (key) => reports.reduce((total, report) => total + report[key], 0);
  if (sum('kills') !== kills) throw new Error(`${String(sum('kills'))} of ${String(kills)} kills`);
  say(
    `${String(kills)} workers killed; of ${String(sum('seen'))} values ${String(sum('ok'))} finished, ${String(sum('failed'))} failed (${String(sum('told'))} said why), ${String(sum('canceled'))} were owed by the dead: none left`,
  );
}

const heap = count('heap');
if (heap > 0) {
  const growth = await heapGrowth(heap);
  say(`${String(heap)} values with a fence and a callback: the heap has grown by ${String(growth)} bytes`);
  if (growth > 2 ** 20) throw new Error('more than a megabyte: something is kept');
}
