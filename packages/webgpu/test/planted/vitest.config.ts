import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config';
import { suite } from '../../../../vitest.shared.ts';
import { BUGS } from './bugs.ts';

/** The package with one bug in it: number `PLANTED` of the list. */
const bug = BUGS[Number(process.env['PLANTED'])];

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

export default mergeConfig<ViteUserConfig, ViteUserConfig>(
  suite('webgpu, planted'),
  defineConfig({
    root: path('../..'),
    plugins: [
      {
        name: 'planted-bug',
        enforce: 'pre',
        transform(code, id) {
          if (bug === undefined || id.split('?')[0] !== path(`../../src/${bug.file}`)) return undefined;
          if (code.split(bug.right).length !== 2) {
            throw new Error(`src/${bug.file} does not have exactly once: ${bug.right}`);
          }
          return { code: code.replace(bug.right, () => bug.wrong), map: null };
        },
      },
    ],
    // What hangs with a bug in it fails soon; what has none may take its time.
    test: { reporters: ['json'], testTimeout: bug === undefined ? 180_000 : 10_000, teardownTimeout: 1000 },
  }),
);
