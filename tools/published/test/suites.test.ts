import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { publishedPackages } from '../../../scripts/workspace.js';
import { chromiumExecutable } from '../src/chromium.ts';
import { command } from '../src/command.ts';
import { NODES, nodeExecutable } from '../src/toolbox.ts';

const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const browser = fileURLToPath(new URL('../browser/vitest.config.ts', import.meta.url));

/** Runs a suite against `dist` in a process of its own; answers with its tally. */
async function runSuite(
  node: string,
  folder: string,
  args: string[],
  env: Record<string, string>,
): Promise<unknown> {
  const scratch = mkdtempSync(join(tmpdir(), 'suite-'));
  try {
    const tally = join(scratch, 'tally.json');
    await command(node, [vitest, 'run', '--root', folder, ...args], {
      cwd: folder,
      env: { ...env, TEST_DIST: '1', TALLY_FILE: tally },
    });
    return JSON.parse(readFileSync(tally, 'utf8'));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

const GREEN = {
  passed: expect.toSatisfy((passed: number) => passed > 0) as number,
  failed: 0,
  skipped: expect.any(Number) as number,
};

describe.each(publishedPackages('@dma-fence/published'))(
  'the suite of $manifest.name passes on dist',
  ({ folder }) => {
    test.each(NODES)('under Node %s', async (version) => {
      expect(await runSuite(nodeExecutable(version), folder, [], {})).toEqual(GREEN);
    });
  },
);
