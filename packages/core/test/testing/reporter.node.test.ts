import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const folder = fileURLToPath(new URL('hanging/', import.meta.url));
const reporter = '@dma-fence/core/testing/reporter';

/** What a program says of hangs: its lines about them, in order, without places in files of others. */
function linesOf(args: readonly string[]): Promise<string[]> {
  const env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1' };
  // Else a runner inside a runner reports to the outer one.
  for (const name of ['NODE_TEST_CONTEXT', 'VITEST', 'VITEST_WORKER_ID', 'VITEST_POOL_ID', 'VITEST_MODE'])
    Reflect.deleteProperty(env, name);
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: folder, env }, (_error, stdout, stderr) => {
      resolve((stdout + stderr).split('\n').filter((line) => line.includes(' hangs: ')));
    });
  });
}

describe('a test that runs out of time says on what it hangs', () => {
  test('with node:test', async () => {
    const lines = await linesOf([
      '--test',
      `--test-reporter=${reporter}`,
      '--test-reporter-destination=stdout',
      'node.fixture.js',
    ]);
    expect(lines).toEqual([
      expect.stringMatching(
        /^"a fence" hangs: gpu:ring0:\d+:2 is pending, and 1 waits for it, created at .*node\.fixture\.js:\d+:\d+$/,
      ),
      expect.stringMatching(/^"an older fence" hangs: gpu:ring0:\d+:1 is pending, and 1 waits for it$/),
      expect.stringMatching(
        /^"a promise with a name" hangs: waits for "the answer of the device" at .*node\.fixture\.js:\d+:\d+$/,
      ),
      expect.stringMatching(
        /^"an array" hangs: gpu:ring0:\d+:4 is pending, and 1 waits for it, created at .*$/,
      ),
      expect.stringMatching(
        /^"work that never ends" hangs: gpu:ring0:\d+:5 is pending, .*; waits for "a shader that loops" at .*$/,
      ),
    ]);
  });

  test('with vitest', async () => {
    const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
    const lines = await linesOf([vitest, 'run', '--config', 'vitest.config.js']);
    expect(lines).toEqual([
      expect.stringMatching(
        /^"hangs on > a merge" hangs: gpu:ring0:\d+:1 is pending, and 1 waits for it, created at .*vitest\.fixture\.js:\d+:\d+$/,
      ),
      expect.stringMatching(
        /^"hangs on > a point that nobody submits" hangs: sync_object:unbound:\d+:3 is pending, .*$/,
      ),
      expect.stringMatching(
        /^"hangs on > a promise with a name" hangs: waits for "the answer of the device" at .*$/,
      ),
    ]);
  });
});
