import { defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config';
import { suite } from '../../vitest.shared.ts';

type Test = NonNullable<ViteUserConfig['test']>;

function project(name: string, test: Test): ViteUserConfig {
  return mergeConfig<ViteUserConfig, ViteUserConfig>(suite(name), { test });
}

export default mergeConfig<ViteUserConfig, ViteUserConfig>(
  suite('demo'),
  defineConfig({
    test: {
      projects: [
        // No test of a part may leave a fence pending or held.
        project('demo', { exclude: ['test/*.test.ts'], setupFiles: ['test/support/checked.ts'] }),
        // Whole programs; with more of them at once each only takes longer.
        project('demo, programs', {
          exclude: ['test/*/**'],
          globalSetup: ['test/global-setup.ts'],
          testTimeout: 120_000,
          maxConcurrency: 3,
        }),
      ],
    },
  }),
);
