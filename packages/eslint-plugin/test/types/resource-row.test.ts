import { describe, expect, it } from 'vitest';
import { resourceProblem } from '../../src/types/resource-row.js';
import { presets } from '../../src/types/presets.js';
import { lint } from '../support/lint.js';

const row = { name: 'Lease', from: 'lib', release: ['end'] };
const problem = (...resources: readonly unknown[]): string | undefined => resourceProblem({ resources });

describe('the settings for resources', () => {
  it('are right as the presets have them', () => {
    for (const rows of Object.values(presets)) expect(problem(...rows)).toBeUndefined();
  });

  it('may be missing, and may be empty', () => {
    expect(resourceProblem(undefined)).toBeUndefined();
    expect(resourceProblem({})).toBeUndefined();
    expect(problem()).toBeUndefined();
  });

  it('may consist of contracts alone', () => {
    expect(problem({ takes: ['Recorder.push'] })).toBeUndefined();
  });

  it.each([
    ['relase', 'release'],
    ['form', 'from'],
    ['idempotent', 'idempotentRelease'],
    ['useableAfterRelease', 'usableAfterRelease'],
    ['lend', 'lends'],
    ['Arenas', 'arenas'],
  ])('name the right key for %s', (wrong, right) => {
    expect(problem({ ...row, [wrong]: ['end'] })).toBe(
      `settings['dma-fence'].resources[0] has no key '${wrong}': did you mean '${right}'?`,
    );
  });

  it('list the keys where none is near', () => {
    expect(problem({ ...row, xyzzyplugh: 1 })).toContain('it takes name, from, release');
  });

  it('name the right key beside them, too', () => {
    expect(resourceProblem({ resource: [] })).toBe(
      "settings['dma-fence'] has no key 'resource': did you mean 'resources'?",
    );
  });

  it.each([
    ['a row that is no object', ['webcodecs'], 'resources[0] must be a row'],
    ['a preset that is not spread', [[row]], 'resources[0] is a list: spread a preset'],
    ['a row without an origin', [row, { name: 'A', release: ['x'] }], 'resources[1].from is missing'],
    ['a row without a release', [{ name: 'A', from: 'lib' }], 'resources[0].release is missing'],
    ['a row without a name', [{ from: 'lib' }], 'resources[0] needs a name'],
    ['a name that is no text', [{ ...row, name: 1 }], 'resources[0].name must be a string'],
    [
      'a release that is no list',
      [{ ...row, release: 'end' }],
      'resources[0].release must be a list of strings',
    ],
    [
      'a flag that is none',
      [{ ...row, awaitRelease: 'yes' }],
      'resources[0].awaitRelease must be true or false',
    ],
    [
      'an origin that is none',
      [{ ...row, from: { pack: 'pg' } }],
      "resources[0].from must be 'lib', { package",
    ],
    ['an origin in words', [{ ...row, from: 'pg' }], "resources[0].from must be 'lib', { package"],
  ])('refuse %s', (_, rows, message) => {
    expect(problem(...rows)).toContain(message);
  });

  it('refuse what is no list and no object', () => {
    expect(resourceProblem({ resources: row })).toContain('resources must be a list of rows');
    expect(resourceProblem('webcodecs')).toContain('must be an object');
  });

  it('stop ESLint in the words of the problem', () => {
    const settings = { 'dma-fence': { resources: [{ ...row, relase: ['end'] }] } };
    expect(() => lint('export {};\n', { config: 'resources', settings })).toThrow(/did you mean 'release'/);
  });

  it('do not stop the rules for fences, to which there are no resources then', () => {
    const settings = { 'dma-fence': { resources: [{ ...row, relase: ['end'] }] } };
    expect(lint('export {};\n', { config: 'all', settings })).toEqual([]);
  });
});
