import { defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config';
import { suite } from '../../vitest.shared.ts';

export default mergeConfig<ViteUserConfig, ViteUserConfig>(
  suite('cluster'),
  defineConfig({
    test: {
      coverage: {
        provider: 'v8',
        include: ['src/**/*.ts'],
        exclude: ['src/globals.d.ts', 'src/index.ts'],
        reporter: ['text-summary', 'json-summary'],
        thresholds: { lines: 95, branches: 90, functions: 95, statements: 95 },
      },
    },
  }),
);
