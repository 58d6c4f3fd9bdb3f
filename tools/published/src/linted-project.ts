import { mkdtempSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../../scripts/workspace.js';
import { command } from './command.ts';

/** The linters and compilers that the README promises: the oldest and the newest of both, in every pairing. */
export const LINTERS = [
  { eslint: '9', typescript: '5.2' },
  { eslint: '9', typescript: '6.0' },
  { eslint: '10', typescript: '5.2' },
  { eslint: '10', typescript: '6.0' },
] as const;

export type Linters = (typeof LINTERS)[number];

const readme = readFileSync(join(root, 'packages', 'eslint-plugin', 'README.md'), 'utf8');

function block(language: string): string {
  const found = new RegExp(`^\`\`\`${language}\n(?<code>[^]*?)^\`\`\``, 'm').exec(readme);
  return found?.groups?.['code'] ?? '';
}

/** What the README of the plugin tells people to do. */
export const INSTRUCTIONS: { install: string; config: string; sample: string } = {
  install: block('sh').trim(),
  config: block('js'),
  sample: block('ts'),
};

/** Makes an empty TypeScript project and does in it what the README says, with the tarballs of a folder. */
export async function createLintedProject(
  { eslint, typescript }: Linters,
  tarballs: string,
): Promise<string> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'linted-'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const compilerOptions = {
    strict: true,
    target: 'ES2022',
    module: 'NodeNext',
    lib: ['ES2022', 'ESNext.Disposable', 'DOM'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  writeFileSync(join(folder, 'eslint.config.js'), INSTRUCTIONS.config);
  writeFileSync(join(folder, 'sample.ts'), INSTRUCTIONS.sample);
  const packed = new Map(
    readdirSync(tarballs)
      .filter((name) => name.endsWith('.tgz'))
      .map((name) => [name.replace(/^dma-fence-(?<name>.*)-\d+\.\d+\.\d+.*$/, '@dma-fence/$<name>'), name]),
  );
  const local = (name: string): string => join(tarballs, packed.get(name) ?? `${name} was not packed`);
  const [, ...words] = INSTRUCTIONS.install.split(' ');
  const wanted = words.map((word) => {
    if (word.startsWith('@dma-fence/')) return local(word);
    if (word === 'eslint') return `eslint@${eslint}`;
    return word.startsWith('typescript@') ? `typescript@${typescript}` : word;
  });
  const args = [...wanted, local('@dma-fence/core'), '--no-audit', '--no-fund', '--prefer-offline'];
  await command('npm', args, { cwd: folder });
  return folder;
}
