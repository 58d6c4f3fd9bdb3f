import { defineConfig, mergeConfig } from 'vitest/config';
import { suite } from '../../vitest.shared.ts';

export default mergeConfig(
  suite('eslint-plugin'),
  defineConfig({
    test: {
      // Files that share a process share the types that they are linted with, which cost seconds to make.
      isolate: false,
      coverage: {
        provider: 'v8',
        include: ['src/**/*.ts'],
        reporter: ['text-summary', 'json-summary'],
      },
    },
  }),
);
