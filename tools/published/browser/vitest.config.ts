import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig, mergeConfig } from 'vitest/config';
import { suite } from '../../../vitest.shared.ts';
import { chromiumExecutable, QUIET } from '../src/chromium.ts';

/** The suite of core, and that a worker can load it, in the Chromium of this machine. */
export default mergeConfig(
  suite('browser'),
  defineConfig({
    // Isolated, so that there is a SharedArrayBuffer, see `docs/threads.md`.
    server: {
      headers: {
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
      },
    },
    root: fileURLToPath(new URL('../../../packages/core', import.meta.url)),
    // Found late, a dependency would make the page load again in the middle of a test.
    optimizeDeps: { include: ['fast-check'] },
    test: {
      include: [fileURLToPath(new URL('*.test.ts', import.meta.url))],
      // What only Node has, worker_threads for one, is tested there.
      exclude: ['**/*.node.test.ts'],
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({ launchOptions: { executablePath: chromiumExecutable(), args: QUIET } }),
        instances: [{ browser: 'chromium' }],
      },
    },
  }),
);
