import { defineConfig } from 'vitest/config';
import { suite } from '../../../vitest.shared.ts';

const { test, ...settings } = suite('cluster, history');

// Long runs on real servers, which print what they checked.
export default defineConfig({
  ...settings,
  test: {
    ...test,
    include: ['stress/*.test.ts'],
    setupFiles: [],
    reporters: ['default'],
    fileParallelism: false,
    testTimeout: 3_600_000,
  },
});
