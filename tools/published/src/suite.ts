import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { command } from './command.ts';

const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));

/** Runs a suite against `dist`, where `own` says nothing else, in a process of its own; answers with its tally. */
export async function runSuite(
  node: string,
  folder: string,
  args: readonly string[] = [],
  own: Record<string, string> = {},
): Promise<unknown> {
  const scratch = mkdtempSync(join(tmpdir(), 'suite-'));
  try {
    const tally = join(scratch, 'tally.json');
    const env = { TEST_DIST: '1', TALLY_FILE: tally, ...own };
    await command(node, [vitest, 'run', ...args], { cwd: folder, env });
    return JSON.parse(readFileSync(tally, 'utf8'));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
