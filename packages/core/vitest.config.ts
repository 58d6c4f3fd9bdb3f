import { defineConfig } from 'vitest/config';
import { resolve } from '../../vitest.shared.ts';

export default defineConfig({
  resolve,
  ssr: { resolve },
  test: {
    name: 'core',
    include: ['test/**/*.test.ts'],
    typecheck: { enabled: true, include: ['test/**/*.test-d.ts'] },
  },
});
