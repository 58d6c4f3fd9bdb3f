import { describe, expect, test } from 'vitest';
import { FenceCluster, memory } from '@dma-fence/cluster';
import { faulty } from '@dma-fence/cluster/testing';
import { explore, furtherPlans, type Build, type Ending, type Plan } from './explorer.js';
import { plant } from './plant.js';

const build: Build = { FenceCluster, memory, faulty };

/** A second fault comes within so many calls of the first; everywhere with `STRESS=1`. */
const NEAR = process.env['STRESS'] === '1' ? Infinity : 3;

/** Every plan of one fault, and of two that are near each other; the first plan whose history is wrong, if any. */
async function search(
  of: Build,
  ending: Ending,
  twice: boolean,
): Promise<{ runs: number; wrong: [Plan, readonly string[]][] }> {
  let runs = 1;
  const wrong: [Plan, readonly string[]][] = [];
  const tell = (plan: Plan, faults: readonly string[]): void => {
    if (faults.length > 0) wrong.push([plan, faults]);
  };
  const first = await explore(of, [], ending);
  tell([], first.faults);
  for (const plan of furtherPlans([], first)) {
    const run = await explore(of, plan, ending);
    runs++;
    tell(plan, run.faults);
    if (!twice) continue;
    for (const further of furtherPlans(plan, run, NEAR)) {
      tell(further, (await explore(of, further, ending)).faults);
      runs++;
    }
  }
  return { runs, wrong };
}

describe.each<Ending>(['leaves', 'dies'])('when the owner %s', (ending) => {
  test('the history is right whatever goes wrong with any one call', async () => {
    const { runs, wrong } = await search(build, ending, false);
    expect(wrong).toEqual([]);
    expect(runs).toBeGreaterThan(50);
  });

  test('the history is right whatever goes wrong with two calls', { tags: ['long'] }, async () => {
    const { runs, wrong } = await search(build, ending, true);
    expect(wrong).toEqual([]);
    expect(runs).toBeGreaterThan(400);
  });
});

/** Each of these was a bug of the prototype, or could have been. */
const PLANTED: [string, string, string, string, Ending][] = [
  [
    'steps that are dropped when a write fails',
    'owner.ts',
    '// Not sure: the write may be done.',
    'this.#steps = [];',
    'leaves',
  ],
  [
    'a conflict that is taken for a verdict',
    'owner.ts',
    '    return this.#find();\n',
    '    this.#convicted({ ...base.record, owner: undefined });\n    return true;\n',
    'leaves',
  ],
  [
    'an error that is written beside the record',
    'owner.ts',
    'home.engine.compareAndSet(key, base.version, encode(next))',
    `(async () => {
      const early = await home.engine.compareAndSet(key, base.version, encode({ ...next, errors: base.record.errors }));
      return early === undefined ? undefined : home.engine.compareAndSet(key, early, encode(next));
    })()`,
    'leaves',
  ],
  [
    'a lease that convicts',
    'cluster-timeline.ts',
    '    const { record, version } = await this._read();\n    if (record.owner !== lease',
    `    this._end(new FenceError('ECANCELED', 'dead'));
    const { record, version } = await this._read();\n    if (record.owner !== lease`,
    'dies',
  ],
  [
    'a watch that is believed to tell everything',
    'home.ts',
    'if (time - followed.checkedAt >= this.#checkMs) {',
    'if (followed.checkedAt === 0.5) {',
    'leaves',
  ],
  [
    'an owner that nobody asks for',
    'home.ts',
    'if (await this.reach(() => this.engine.alive(lease))) return;',
    'if (lease !== undefined) return;',
    'dies',
  ],
];

test.each(PLANTED)('planted: %s is found', { tags: ['long'] }, async (_, file, right, wrong, ending) => {
  using bug = await plant(file, right, wrong);
  const found = await search(bug, ending, false);
  expect(found.wrong).not.toEqual([]);
});
