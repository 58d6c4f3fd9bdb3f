import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { command } from '../src/command.ts';
import { NODES, nodeExecutable } from '../src/toolbox.ts';

const consumer = inject('consumer');

/** A suite of somebody who uses node:test: one test that is as it should be, and one of each kind that is not. */
const SUITE = `
import { afterEach, beforeEach, test } from 'node:test';
import { beginSignalling, DmaFenceContext } from '@dma-fence/core';
import { checkFences, fenceFactory, virtualClock } from '@dma-fence/core/testing';

const check = checkFences({ beforeEach, afterEach });
const ring = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });

test('clean', async () => {
  const clock = virtualClock({ globals: true });
  const fences = fenceFactory();
  const fence = fences.create();
  setTimeout(() => fence.signal(), 86_400_000);
  const waiting = fence.wait({ timeoutMs: 86_400_001 });
  await clock.advance(86_400_000);
  await waiting;
  fences[Symbol.dispose]();
  clock[Symbol.dispose]();
});
test('pending', () => void ring.createFence());
test('leaked', () => void ring.createFence().signal());
test('reported', () => void beginSignalling());
test('planted', () => {
  check.expect('pending', ring.createFence());
});
`;

describe.each(NODES)('under Node %s', (version) => {
  let printed = '';
  beforeAll(async () => {
    writeFileSync(join(consumer, 'suite.mjs'), SUITE);
    const args = ['--test', '--test-reporter=tap', 'suite.mjs'];
    printed = await command(nodeExecutable(version), args, { cwd: consumer, env: { NODE_OPTIONS: '' } }).then(
      ({ stdout }) => stdout,
      (error: unknown) => (error as Error).message,
    );
  });

  test('node:test fails exactly the tests that leave something behind, and says what', () => {
    const verdicts = [...printed.matchAll(/^ *((?:not )?ok) \d+ - (\w+)$/gm)].map(
      ([, verdict, name]) => `${name ?? ''}: ${verdict ?? ''}`,
    );
    expect(verdicts).toEqual([
      'clean: ok',
      'pending: not ok',
      'leaked: not ok',
      'reported: not ok',
      'planted: ok',
    ]);
    expect(printed).toMatch(/gpu:ring0:1:1 is pending, nobody has signaled it/);
    expect(printed).toMatch(/gpu:ring0:1:2 is over, and 1 reference is held: somebody forgot a put\(\)/);
    expect(printed).toMatch(/a free signalling section was still open/);
  });
});
