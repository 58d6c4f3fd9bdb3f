import { defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config';
import { suite } from '../../vitest.shared.ts';

export default mergeConfig<ViteUserConfig, ViteUserConfig>(
  suite('cluster'),
  defineConfig({
    test: {
      coverage: {
        provider: 'v8',
        include: ['src/**/*.ts'],
        // The engines on real servers have a suite of their own, in `servers`.
        exclude: ['src/globals.d.ts', 'src/index.ts', 'src/{nats,postgres,redis}/**', 'src/listeners.ts'],
        reporter: ['text-summary', 'json-summary'],
        thresholds: { lines: 95, branches: 90, functions: 95, statements: 95 },
      },
    },
  }),
);
