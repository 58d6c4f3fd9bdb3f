import { defineConfig } from 'vitest/config';
import { resolve } from '../../vitest.shared.ts';

export default defineConfig({
  resolve,
  ssr: { resolve },
  test: {
    name: 'demo',
    include: ['test/**/*.test.ts'],
  },
});
