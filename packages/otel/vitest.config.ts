import { defineConfig, mergeConfig } from 'vitest/config';
import { suite } from '../../vitest.shared.ts';

export default mergeConfig(
  suite('otel'),
  defineConfig({
    test: {
      coverage: {
        provider: 'v8',
        include: ['src/**/*.ts'],
        exclude: ['src/globals.d.ts', 'src/index.ts'],
        reporter: ['text-summary', 'json-summary'],
        thresholds: { lines: 98, branches: 96, functions: 98, statements: 98 },
      },
    },
  }),
);
