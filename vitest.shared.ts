import { fileURLToPath } from 'node:url';
import type { ViteUserConfig } from 'vitest/config';

/** Tests run on the sources; `TEST_DIST=1` runs the same tests on what is published. */
const resolve = {
  conditions: process.env['TEST_DIST'] === '1' ? ['default'] : ['@dma-fence/source', 'default'],
};

const shared = (file: string) => fileURLToPath(new URL(`scripts/${file}`, import.meta.url));

/** What every package's suite has in common; its own `vitest.config.ts` merges the rest into it. */
export function suite(name: string): ViteUserConfig {
  return {
    resolve,
    ssr: { resolve },
    test: {
      name,
      include: ['test/**/*.test.ts'],
      // Two busy cores make anything slow; a test that hangs still ends.
      testTimeout: 60_000,
      hookTimeout: 60_000,
      reporters: ['default', shared('tally-reporter.ts')],
      setupFiles: [shared('fail-on-console.ts')],
    },
  };
}
