import { defineConfig, mergeConfig } from 'vitest/config';
import { suite } from '../../vitest.shared.ts';

const MINUTES = 60_000;

/** The built site in a real browser: one of the slow suites. `SITE_BUILT=1` takes the last build. */
export default mergeConfig(
  suite('site'),
  defineConfig({ test: { testTimeout: 10 * MINUTES, hookTimeout: 20 * MINUTES, fileParallelism: false } }),
);
