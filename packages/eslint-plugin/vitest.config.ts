import { defineConfig } from 'vitest/config';
import { resolve } from '../../vitest.shared.ts';

export default defineConfig({
  resolve,
  ssr: { resolve },
  test: {
    name: 'eslint-plugin',
    include: ['test/**/*.test.ts'],
    // The first typed lint of a run builds a TypeScript program while the other packages compile.
    testTimeout: 60_000,
  },
});
