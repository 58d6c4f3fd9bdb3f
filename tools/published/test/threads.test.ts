import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { root } from '../../../scripts/workspace.js';
import { command } from '../src/command.ts';
import { RUNTIMES, type Runtime } from '../src/toolbox.ts';

/*
 * Shared timelines between real workers, as installed, on everything that runs JavaScript: the stress of `packages/core`, shorter,
 * and, where vitest does not run, the processes by which its suite tells what keeps one alive.
 */

const consumer = inject('consumer');
const core = join(root, 'packages', 'core');
cpSync(join(core, 'stress'), join(consumer, 'stress'), { recursive: true });
cpSync(join(core, 'test', 'shared', 'children'), join(consumer, 'children'), { recursive: true });

const isNode = ({ name }: Runtime): boolean => name.startsWith('Node');
const isDeno = ({ name }: Runtime): boolean => name.startsWith('Deno');

/** What `stress/run.js` is asked for; the figures are to be compared with its defaults. */
function amounts(runtime: Runtime): Record<string, number> {
  // All Nodes together move 10^6 values. Each kill costs the start of a worker.
  if (isNode(runtime)) return { values: 250_000, kills: 40, heap: 300_000 };
  // Deno tells that a worker is gone before its thread has stopped: there is no moment at which all must be over.
  if (isDeno(runtime)) return { values: 250_000, kills: 0, heap: 0 };
  return { values: 250_000, kills: 40, heap: 0 };
}

describe.each(RUNTIMES)('$name', (runtime) => {
  const { file, args } = runtime;

  test('hands values between four workers across 2^32, outlives those that are killed, keeps nothing', async () => {
    const options = Object.entries({ ...amounts(runtime), lanes: 2, seed: 4 }).map(
      ([name, amount]) => `--${name}=${String(amount)}`,
    );
    const flags = isNode(runtime) ? ['--expose-gc', ...args] : args;
    const { stdout } = await command(file, [...flags, 'stress/run.js', ...options], { cwd: consumer });
    expect(stdout).toContain(
      '250000 values through four workers, across 2^32; waits: 250000, 62500, 35715, 251',
    );
    if (!isDeno(runtime)) expect(stdout).toContain('40 workers killed');
    if (isNode(runtime)) expect(stdout).toContain('300000 values with a fence and a callback');
  });
});

describe.each(RUNTIMES.filter((runtime) => !isNode(runtime)))('$name', ({ file, args }) => {
  test.each([
    ['await', 'stays alive for a wait', 'awaited'],
    ['any', 'stays alive for a wait for one of several', 'any 1'],
    ['poll', 'stays alive for a wait where there is no Atomics.waitAsync', 'awaited'],
    ['timeout', 'stays alive until a timeout below a millisecond', 'ETIME'],
    ['blocks', 'lets the main thread block', 'blocked, then done'],
    ['callback', 'does not stay alive for a plain callback', 'registered'],
    ['abort', 'does not stay alive for a wait that was given up', 'enough'],
    ['owner', 'tells that a worker was terminated while it owed', 'EOWNERDEAD'],
    ['crash', 'tells that a worker has thrown while it owed', 'signaled EOWNERDEAD'],
  ])('%s: %s', async (mode, _what, printed) => {
    const { stdout } = await command(file, [...args, 'children/main.js', mode], { cwd: consumer });
    expect(stdout.trim()).toBe(printed);
  });
});
