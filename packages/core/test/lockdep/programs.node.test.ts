import { describe, expect, test } from 'vitest';
import { cachePrograms } from './programs/cache.js';
import { pipelinePrograms } from './programs/pipeline.js';
import { rendererPrograms } from './programs/renderer.js';
import { serverPrograms } from './programs/server.js';
import { kinds, turn, watch } from './support.js';

const programs = [...serverPrograms, ...pipelinePrograms, ...cachePrograms, ...rendererPrograms];

test('half of the programs are wrong, each in one way', () => {
  expect(programs.length).toBeGreaterThanOrEqual(30);
  expect(programs.filter(({ wrong }) => wrong !== undefined)).toHaveLength(programs.length / 2);
});

describe('no miss and no false report', () => {
  test.each(programs)('$name', async ({ wrong, options, run }) => {
    const session = watch(options);
    await run();
    await turn();
    expect(kinds(session)).toEqual(wrong === undefined ? [] : [wrong]);
  });

  test('all at once, in one process: the right ones stay silent beside each other', async () => {
    const session = watch();
    const right = programs.filter(({ wrong, options }) => wrong === undefined && options === undefined);
    await Promise.all(right.map(({ run }) => run()));
    await Promise.all(
      [...right, ...right].map(async ({ run }, index) => {
        for (let wait = index % 5; wait > 0; wait--) await turn();
        await run();
      }),
    );
    expect(kinds(session)).toEqual([]);
  });
});
