import { readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { command } from '../src/command.ts';
import { createLintedProject, INSTRUCTIONS, LINTERS } from '../src/linted-project.ts';

const consumer = inject('consumer');

interface LintResult {
  filePath: string;
  messages: { line: number; ruleId: string | null; message: string }[];
}

/** Only the types of another file say what is taken here. */
const TYPED = {
  'job.ts': `import type { DmaFence } from '@dma-fence/core';
export interface Job { readonly done: DmaFence }
`,
  'lose.ts': `import type { Job } from './job.js';
export function lose(job: Job): number {
  const taken = job.done.get();
  return taken.seqno;
}
`,
};

/** All that `npx eslint .` reports in a project. */
async function lint(folder: string): Promise<string[]> {
  const eslint = join(folder, 'node_modules', 'eslint', 'bin', 'eslint.js');
  const args = [eslint, '.', '--format', 'json', '--output-file', 'report.json'];
  await command(process.execPath, args, { cwd: folder }).catch((error: unknown) => {
    // 1: something was reported; anything else went wrong.
    if ((error as { cause: { code: number } }).cause.code !== 1) throw error;
  });
  const results = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as LintResult[];
  return results.flatMap(({ filePath, messages }) =>
    messages.map(
      ({ line, ruleId, message }) => `${basename(filePath)}:${String(line)} ${String(ruleId)}: ${message}`,
    ),
  );
}

test('the installation is three lines of eslint.config.js', () => {
  const lines = INSTRUCTIONS.config.trim().split('\n');
  expect(lines.filter((line) => !line.startsWith('//'))).toHaveLength(3);
});

describe.concurrent.each(LINTERS)('with ESLint $eslint and TypeScript $typescript', (linters) => {
  const projects: string[] = [];
  afterAll(async () => {
    for (const project of projects) await rm(project, { recursive: true });
  });

  test('an empty project that follows the README is linted with types', async ({ expect }) => {
    const project = await createLintedProject(linters, consumer);
    projects.push(project);
    const version = (name: string): string =>
      (
        JSON.parse(readFileSync(join(project, 'node_modules', name, 'package.json'), 'utf8')) as {
          version: string;
        }
      ).version;
    expect(version('eslint')).toMatch(new RegExp(`^${linters.eslint}\\.`));
    expect(version('typescript')).toMatch(new RegExp(`^${linters.typescript.replace('.', '\\.')}\\.`));
    for (const [name, code] of Object.entries(TYPED)) writeFileSync(join(project, name), code);
    expect(await lint(project)).toEqual([
      expect.stringMatching(/^lose\.ts:3 dma-fence\/no-fence-leak: .*line 4/),
      expect.stringMatching(/^sample\.ts:4 dma-fence\/no-fence-leak: .*line 5/),
    ]);
  });
});
