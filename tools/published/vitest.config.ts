import { defineConfig, mergeConfig } from 'vitest/config';
import { suite } from '../../vitest.shared.ts';

const MINUTES = 60_000;

export default mergeConfig(
  suite('published'),
  defineConfig({
    test: {
      globalSetup: 'test/setup.ts',
      testTimeout: 15 * MINUTES,
      hookTimeout: 15 * MINUTES,
      fileParallelism: false,
    },
  }),
);
