import { runKills } from './kills.js';
import { heapGrowth } from './memory.js';
import { runPipeline } from './pipeline.js';

/*
 * The long version of what the tests do for a second: `node --expose-gc stress/run.js [seed]`.
 */

const seed = Number(process.argv[2] ?? Date.now() % 2 ** 32);
const began = performance.now();
/** @param {string} line */
const say = (line) => {
  console.log(`${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${line}`);
};

say(`seed ${String(seed)}`);
const pipeline = await runPipeline({ values: 1_000_000, initialValue: 2 ** 32 - 500_000 });
say(
  `${String(pipeline.values)} values through four workers, across 2^32; waits: ${pipeline.waited.join(', ')}`,
);
const kills = await runKills({ kills: 1000, seed });
say(
  `${String(kills.kills)} workers killed; of ${String(kills.seen)} values ${String(kills.ok)} finished, ${String(kills.failed)} failed, ${String(kills.canceled)} were owed by the dead: none left`,
);
const values = 18_000_000;
const growth = await heapGrowth(values);
say(`${String(values)} values with a fence and a callback: the heap has grown by ${String(growth)} bytes`);
if (growth > 2 ** 20) throw new Error('more than a megabyte: something is kept');
