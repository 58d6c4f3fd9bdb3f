import { readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pageSamples } from '@dma-fence/docs/collect';
import { readPages } from '@dma-fence/docs/markdown';
import ts from 'typescript';
import { describe, expect, inject, test } from 'vitest';
import { entries, publishedPackages } from '../../../scripts/workspace.js';
import { command } from '../src/command.ts';
import { RUNTIMES } from '../src/toolbox.ts';

const consumer = inject('consumer');
const packages = publishedPackages('@dma-fence/published');

describe.each(packages)('the tarball of $manifest.name', (pkg) => {
  const home = join(consumer, 'node_modules', pkg.manifest.name);
  const files = readdirSync(home, { recursive: true, encoding: 'utf8' });

  test('holds what its entry points lead to, a README and the licence', () => {
    const wanted = entries(pkg).flatMap(({ types, source }) =>
      [types, types.replace('.d.ts', '.js'), source].map((file) => relative(pkg.folder, file)),
    );
    expect(files).toEqual(expect.arrayContaining([...wanted, 'README.md', 'LICENSE', 'package.json']));
  });

  test('holds nothing that only the workspace needs', () => {
    expect(
      files.filter((file) => /\btest\b|\bbench\b|tsconfig|tsbuildinfo|vitest|stryker|api\.md/.test(file)),
    ).toEqual([]);
  });
});

/** Loads every entry point both ways, and compares what they give. */
const BOTH_WAYS = `
const { deepStrictEqual } = require('node:assert');
(async () => {
  for (const specifier of ${JSON.stringify(packages.flatMap(entries).map(({ specifier }) => specifier))}) {
    const required = require(specifier);
    const imported = await import(specifier);
    const names = Object.keys(imported).filter((name) => name !== 'module.exports');
    if (names.length === 0) throw new Error(specifier + ' exports nothing');
    for (const name of names) {
      if (required[name] !== imported[name]) throw new Error(specifier + ' has two copies of ' + name);
    }
  }
  console.log('one copy');
})();
`;

describe.each(RUNTIMES)('$name', ({ file, args }) => {
  test('loads each entry point by import and by require, one copy of it, without a warning', async () => {
    writeFileSync(join(consumer, 'both-ways.cjs'), BOTH_WAYS);
    const output = await command(file, [...args, 'both-ways.cjs'], { cwd: consumer });
    expect(output).toEqual({ stdout: 'one copy\n', stderr: '' });
  });

  test.each(
    readPages()
      .filter(({ name }) => name.endsWith('README.md'))
      .flatMap(pageSamples)
      .filter(({ run }) => run),
  )('runs $name', async ({ code }) => {
    const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
    writeFileSync(
      join(consumer, 'sample.js'),
      ts.transpileModule(code, { compilerOptions: options }).outputText,
    );
    await command(file, [...args, 'sample.js'], { cwd: consumer });
  });
});
