import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allExamples, pageSamples } from '@dma-fence/docs/collect';
import { readPages } from '@dma-fence/docs/markdown';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { entries, publishedPackages } from '../../../scripts/workspace.js';
import { command } from '../src/command.ts';
import { TYPESCRIPTS, typescriptCompiler } from '../src/toolbox.ts';

const consumer = inject('consumer');
const specifiers = publishedPackages('@dma-fence/published')
  .flatMap(entries)
  .map(({ specifier }) => specifier);

/** A consumer's settings: strict, our `.d.ts` files checked as well, no types but the platform's. */
const STRICT = {
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  target: 'ES2022',
  lib: ['ES2022', 'ESNext.Disposable', 'DOM'],
  types: [],
};

function project(name: string, compilerOptions: object, files: Record<string, string>): string {
  const folder = join(consumer, name);
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...STRICT, ...compilerOptions } }),
  );
  for (const [file, text] of Object.entries(files))
    writeFileSync(join(folder, file), `${text}\nexport {};\n`);
  return folder;
}

const everything = specifiers
  .map((specifier, index) => `export * as entry${index} from '${specifier}';`)
  .join('\n');
const samples = [...allExamples(), ...readPages().flatMap(pageSamples)]
  // What uses Node's own types is for consumers that have them.
  .filter(({ code }) => !/'node:|\bprocess\b|\bBuffer\b/.test(code));

const folders: Record<'nodenext' | 'bundler' | 'wrong', string> = { nodenext: '', bundler: '', wrong: '' };

beforeAll(() => {
  folders.nodenext = project(
    'nodenext',
    { module: 'NodeNext' },
    {
      'entries.ts': everything,
      ...Object.fromEntries(samples.map(({ code }, index) => [`sample${index}.ts`, code])),
    },
  );
  folders.bundler = project(
    'bundler',
    { module: 'ESNext', moduleResolution: 'Bundler' },
    { 'entries.ts': everything },
  );
  folders.wrong = project(
    'wrong',
    { module: 'NodeNext' },
    {
      'wrong.ts':
        "import type { DmaFence } from '@dma-fence/core';\nexport const cheat = (fence: DmaFence) => fence.signal();",
    },
  );
});

describe.each(TYPESCRIPTS)('TypeScript %s', (version) => {
  const compile = (folder: string) =>
    command(process.execPath, [typescriptCompiler(version), '-p', folder], { cwd: consumer });

  test('compiles every example against the published types', async () => {
    await compile(folders.nodenext);
  });

  test('resolves every entry point as a bundler does', async () => {
    await compile(folders.bundler);
  });

  test('refuses a consumer that signals', async () => {
    await expect(compile(folders.wrong)).rejects.toThrow(/wrong\.ts.*Property 'signal' does not exist/);
  });
});
