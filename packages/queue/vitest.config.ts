import { defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config';
import { suite } from '../../vitest.shared.ts';

/** Not a second time with the validator on: what runs in a process of its own, does much, or is about code that nobody looks at. */
const ONCE = ['test/depth.test.ts', 'test/lazy.test.ts', 'test/model/**', 'test/peers.test.ts'];

/** What is published runs without, so that either way of running is tried. */
const onDist = process.env['TEST_DIST'] === '1';

/** The suites that run a second time: fences are then made early, and what the validator finds in them is a failure. */
function validated(): ViteUserConfig {
  const { test, ...settings } = suite('queue, validated');
  const setupFiles = [...[test?.setupFiles ?? []].flat(), './test/validated.ts'];
  return { ...settings, test: { ...test, exclude: ONCE, setupFiles } };
}

export default mergeConfig<ViteUserConfig, ViteUserConfig>(
  suite('queue'),
  defineConfig({
    test: {
      coverage: {
        provider: 'v8',
        include: ['src/**/*.ts'],
        exclude: ['src/globals.d.ts', 'src/index.ts'],
        reporter: ['text-summary', 'json-summary'],
        thresholds: { lines: 98, branches: 96, functions: 98, statements: 98 },
      },
      ...(onDist ? {} : { projects: [suite('queue'), validated()] }),
    },
  }),
);
