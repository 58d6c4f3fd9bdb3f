import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import plugin from '@dma-fence/eslint-plugin';

const oxlint = join(dirname(createRequire(import.meta.url).resolve('oxlint/package.json')), 'bin/oxlint');
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dma-fence-oxlint-'));
  const config = {
    jsPlugins: [
      { name: 'dma-fence', specifier: fileURLToPath(new URL('../dist/index.js', import.meta.url)) },
    ],
    categories: { correctness: 'off' },
    rules: plugin.configs.oxlint.rules,
  };
  writeFileSync(join(folder, '.oxlintrc.json'), JSON.stringify(config));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The rules that oxlint reports on a text. */
function run(code: string, cwd = folder): string[] {
  writeFileSync(join(cwd, 'file.ts'), code);
  let output: string;
  try {
    output = execFileSync(process.execPath, [oxlint, '--format', 'json', 'file.ts'], {
      cwd,
      encoding: 'utf8',
    });
  } catch (error) {
    output = (error as { stdout: string }).stdout;
  }
  const { diagnostics } = JSON.parse(output) as { diagnostics: { code: string }[] };
  return diagnostics.map(({ code: rule }) => rule);
}

const head = "import type { DmaFenceContext } from '@dma-fence/core';\n";

describe('under oxlint', () => {
  it("the README's own file loads, and its rule speaks", () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const config = /```json\n(?<text>[\s\S]*?jsPlugins[\s\S]*?)```/.exec(readme)?.groups?.['text'] ?? '';
    const project = mkdtempSync(join(tmpdir(), 'dma-fence-oxlint-readme-'));
    try {
      mkdirSync(join(project, 'node_modules', '@dma-fence'), { recursive: true });
      symlinkSync(
        fileURLToPath(new URL('..', import.meta.url)),
        join(project, 'node_modules', '@dma-fence', 'eslint-plugin'),
      );
      writeFileSync(join(project, '.oxlintrc.json'), config);
      const code = `${head}export function run(context: DmaFenceContext): void {\n  const fence = context.createFence();\n  fence.signal();\n}\n`;
      expect(run(code, project)).toContain('dma-fence(no-fence-leak)');
    } finally {
      rmSync(project, { recursive: true, force: true });
    }
  });

  it('what a function without a return type gives back crashes nothing', () => {
    const code = `${head}function make() { return { run() { return 1; } }; }\nexport function run(context: DmaFenceContext) {\n  const x = make().run();\n  using fence = context.createFence();\n  fence.signal();\n  return x;\n}\n`;
    expect(run(code)).toEqual([]);
  });

  it('a leak in one function is found', () => {
    const code = `${head}export function run(context: DmaFenceContext): void {\n  const fence = context.createFence();\n  fence.signal();\n}\n`;
    expect(run(code)).toEqual(['dma-fence(no-fence-leak)']);
  });

  it('good code is not reported', () => {
    const code = `${head}export function run(context: DmaFenceContext): void {\n  using fence = context.createFence();\n  fence.signal();\n}\n`;
    expect(run(code)).toEqual([]);
  });
});
