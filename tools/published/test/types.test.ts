import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allExamples, pageSamples } from '@dma-fence/docs/collect';
import { readPages } from '@dma-fence/docs/markdown';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { entries, publishedPackages } from '../../../scripts/workspace.js';
import { command } from '../src/command.ts';
import { TYPESCRIPTS, typescriptCompiler } from '../src/toolbox.ts';

const consumer = inject('consumer');

const specifiers = new Map(
  publishedPackages('@dma-fence/published').map((pkg) => [
    pkg,
    entries(pkg).map(({ specifier }) => specifier),
  ]),
);
/** Packages whose types lean on other people's, which need not compile under every TypeScript. */
const leaning = [...specifiers.keys()]
  .filter(
    ({ manifest }) => Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).length > 0,
  )
  .map(({ manifest }) => manifest.name);

/** What an installation of our packages brings: all but the peers that are optional. */
const installed = new RegExp(
  `^(?:${[...specifiers.keys()]
    .flatMap(({ manifest }) => [
      manifest.name,
      ...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).filter(
        (name) => manifest.peerDependenciesMeta?.[name]?.optional !== true,
      ),
    ])
    .join('|')})(?:/|$)`,
);

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

/** What users of WebGPU had to add before TypeScript 6, whose `DOM` has it. */
const WEBGPU = { skipLibCheck: true, types: ['@webgpu/types'] };

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

/** No TypeScript has all of WebGPU among the types of its own. */
const leans = (code: string) => leaning.some((name) => code.includes(`'${name}`)) || /\bGPU[A-Z]/.test(code);

/** Not for every consumer: samples with Node's own types, or with a package that ours do not ask for. */
function isForEveryConsumer(code: string): boolean {
  const imported = [...code.matchAll(/from '([^']+)'/g)].map(([, specifier = '']) => specifier);
  return imported.every((specifier) => installed.test(specifier)) && !/\b(?:process|Buffer)\b/.test(code);
}

/** One file that imports all there is, and one for each sample in documentation. */
const files = Object.fromEntries([
  ...[...specifiers.values()]
    .flat()
    .map((specifier, index) => [`entry${index}.ts`, `export * from '${specifier}';`]),
  ...[...allExamples(), ...readPages().flatMap(pageSamples)]
    .filter(({ code }) => isForEveryConsumer(code))
    .map(({ code }, index) => [`sample${index}.ts`, code]),
]) as Record<string, string>;
const plain = Object.fromEntries(Object.entries(files).filter(([, code]) => !leans(code)));

const CHEAT = `import type { DmaFence } from '@dma-fence/core';
export const cheat = (fence: DmaFence) => fence.signal();`;

let folders: Record<'plain' | 'everything' | 'bundler' | 'wrong', string>;

beforeAll(() => {
  folders = {
    plain: project('plain', { module: 'NodeNext' }, plain),
    everything: project('everything', { module: 'NodeNext', ...WEBGPU }, files),
    bundler: project('bundler', { module: 'ESNext', moduleResolution: 'Bundler', ...WEBGPU }, files),
    wrong: project('wrong', { module: 'NodeNext', skipLibCheck: true }, { 'wrong.ts': CHEAT }),
  };
});

describe.each(TYPESCRIPTS)('TypeScript %s', (version) => {
  const compile = (folder: string) =>
    command(process.execPath, [typescriptCompiler(version), '-p', folder], { cwd: consumer });

  test('compiles every example that needs our types alone, and checks these types as well', async () => {
    await compile(folders.plain);
  });

  test('compiles every example', async () => {
    await compile(folders.everything);
  });

  test('compiles every example with a bundler’s resolution', async () => {
    await compile(folders.bundler);
  });

  test('refuses a consumer that signals', async () => {
    await expect(compile(folders.wrong)).rejects.toThrow(/wrong\.ts.*Property 'signal' does not exist/);
  });
});

/** The settings of `docs/install.md`, as consumers have them before they have read it, and after. */
const CURES = [
  {
    complaint: /Cannot find (?:global type|name) '(?:Async)?Disposable'/,
    before: { module: 'NodeNext', lib: ['ES2022', 'DOM'] },
    after: { module: 'NodeNext' },
  },
  {
    complaint: /Cannot find module '@dma-fence\/core'/,
    before: { module: 'CommonJS', moduleResolution: 'node10' },
    after: { module: 'ESNext', moduleResolution: 'Bundler' },
  },
  { complaint: /TS1479/, before: { module: 'Node16' }, after: { module: 'NodeNext' } },
] as const;

describe('the install page, under TypeScript 5.9', () => {
  const compile = (folder: string) =>
    command(process.execPath, [typescriptCompiler('5.9.3'), '-p', folder], { cwd: consumer });
  const text =
    "import { DmaFenceContext } from '@dma-fence/core';\nnew DmaFenceContext({ driverName: 'a', timelineName: 'b' });";

  test.each(CURES.map((cure, index) => ({ ...cure, index })))(
    '$complaint is what a consumer sees, and the cure cures it',
    async ({ complaint, before, after, index }) => {
      await expect(
        compile(project(`ill${String(index)}`, before, { 'main.cts': text, 'main.ts': text })),
      ).rejects.toThrow(complaint);
      await compile(project(`cured${String(index)}`, after, { 'main.ts': text }));
    },
  );

  test('under node16, an import() works in CommonJS', async () => {
    const way =
      "export const made = async () => { const { DmaFenceContext } = await import('@dma-fence/core'); return DmaFenceContext; };";
    await compile(project('node16', { module: 'Node16' }, { 'main.cts': way }));
  });
});
