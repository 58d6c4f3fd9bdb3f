/** What is linted: other people's code without a fence, and ours. */
import { globSync } from 'tinyglobby';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const rxjs = dirname(createRequire(import.meta.url).resolve('rxjs/package.json'));

/**
 * @typedef {object} Subject
 * @property {string} name
 * @property {string[]} files
 * @property {string} tsconfig
 * @property {boolean} hasFences
 * @property {number} [must] the share of a typed lint run that this plugin may take at most
 */

/**
 * @param {string} folder
 * @returns {string[]}
 */
const sources = (folder) => globSync('**/*.ts', { cwd: folder, absolute: true, ignore: '**/*.d.ts' }).sort();

/** @type {readonly Subject[]} */
export const SUBJECTS = [
  {
    name: 'rxjs, which knows no fences',
    files: sources(join(rxjs, 'src', 'internal')),
    tsconfig: join(rxjs, 'src', 'tsconfig.base.json'),
    hasFences: false,
    must: 0.01,
  },
  {
    name: 'the demo, a driver stack',
    files: sources(join(root, 'apps', 'demo', 'src')),
    tsconfig: join(root, 'apps', 'demo', 'tsconfig.json'),
    hasFences: true,
  },
  {
    name: 'core, where everything is about fences',
    files: sources(join(root, 'packages', 'core', 'src')),
    tsconfig: join(root, 'packages', 'core', 'tsconfig.json'),
    hasFences: true,
  },
];
