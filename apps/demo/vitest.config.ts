import { defineConfig, mergeConfig } from 'vitest/config';
import { suite } from '../../vitest.shared.ts';

export default mergeConfig(
  suite('demo'),
  defineConfig({
    // Whole programs run here; with more of them at once each only takes longer.
    test: { globalSetup: ['test/global-setup.ts'], testTimeout: 120_000, maxConcurrency: 3 },
  }),
);
