import { fileURLToPath } from 'node:url';
import type { Plugin, ViteUserConfig } from 'vitest/config';

const onDist = process.env['TEST_DIST'] === '1';

/** Tests run on the sources; `TEST_DIST=1` runs the same tests on what is published. */
const resolve = { conditions: onDist ? ['default'] : ['@dma-fence/source', 'default'] };

/** A test that looks at an internal module must then look at the published one: there are two copies otherwise. */
const internalsOfDist: Plugin = {
  name: 'internals-of-dist',
  enforce: 'pre',
  async resolveId(source, importer, options) {
    if (!source.startsWith('.') || importer === undefined) return undefined;
    const found = await this.resolve(source, importer, { ...options, skipSelf: true });
    return found?.id.replace(/(packages[/\\][^/\\]+[/\\])src([/\\].*)\.ts$/, '$1dist$2.js');
  },
};

const shared = (file: string) => fileURLToPath(new URL(`scripts/${file}`, import.meta.url));

/** What every package's suite has in common; its own `vitest.config.ts` merges the rest into it. */
export function suite(name: string): ViteUserConfig {
  return {
    resolve,
    ssr: { resolve },
    plugins: onDist ? [internalsOfDist] : [],
    test: {
      name,
      include: ['test/**/*.test.ts'],
      tags: [{ name: 'long', description: 'Takes long by doing much of what other tests do once.' }],
      // Two busy cores make anything slow; a test that hangs still ends.
      testTimeout: 60_000,
      hookTimeout: 60_000,
      reporters: ['default', shared('tally-reporter.ts')],
      setupFiles: [shared('fail-on-console.ts')],
    },
  };
}
