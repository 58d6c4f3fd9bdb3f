import { defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config';
import { suite } from '../../vitest.shared.ts';

/** What needs no device. It has no fences either, so that the validator has nothing to find in it. */
const WITHOUT_DEVICE = ['test/verdicts.test.ts', 'test/package.test.ts'];
/** What runs tests itself, once, and on the sources: bugs are planted there. */
const ONCE = 'test/planted.test.ts';

/** What is published runs without, so that either way of running is tried. */
const onDist = process.env['TEST_DIST'] === '1';

/** Why there is no WebGPU on this machine, for one: its C library is too old for the npm package. */
const missing = await import('webgpu').then(
  () => undefined,
  (error: unknown) => String(error),
);
if (missing !== undefined) {
  process.stderr.write(
    `@dma-fence/webgpu: its tests on a device are skipped: ${missing.split('\n')[0] ?? ''}\n`,
  );
}

/** The suite; without a device, what needs none. */
function plain(): ViteUserConfig {
  const { test, ...settings } = suite('webgpu');
  const exclude = onDist ? { exclude: [ONCE] } : {};
  const include = missing === undefined ? {} : { include: WITHOUT_DEVICE };
  return { ...settings, test: { ...test, ...exclude, ...include } };
}

/** The suites that run a second time: a fence that is left pending or held, and what the validator finds, is a failure. */
function validated(): ViteUserConfig {
  const { test, ...settings } = suite('webgpu, validated');
  const setupFiles = [...[test?.setupFiles ?? []].flat(), './test/validated.ts'];
  return { ...settings, test: { ...test, exclude: [...WITHOUT_DEVICE, ONCE], setupFiles } };
}

export default mergeConfig<ViteUserConfig, ViteUserConfig>(
  plain(),
  defineConfig({
    test: {
      // Longer than the limit of a wait, see `test/rig.ts`.
      testTimeout: 180_000,
      coverage: {
        provider: 'v8',
        include: ['src/**/*.ts'],
        exclude: ['src/index.ts', 'src/testing/index.ts'],
        reporter: ['text-summary', 'json-summary'],
        // Without a GPU nothing is copied; the lines that look at data are run by `npm run test:published`.
        ...(missing === undefined
          ? { thresholds: { lines: 97, branches: 94, functions: 94, statements: 96 } }
          : {}),
      },
      ...(onDist ? {} : { projects: missing === undefined ? [plain(), validated()] : [plain()] }),
    },
  }),
);
