import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root, workspacePackages } from '../../../scripts/workspace.js';

/*
 * The tools of the root stand in `pnpm-workspace.yaml` (its comment says why), where knip does not see them: whether an
 * entry of the catalog is in use is asked here.
 */

const text = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8');

/** The keys of a block of the file, by the indentation of the entries. */
function keysOf(block: RegExp, indentation: number): Map<string, string> {
  const [, body = ''] = block.exec(text) ?? [];
  const entry = new RegExp(`^ {${String(indentation)}}'?([^'#:\\s]+)'?: '?([^'\\n]+)'?$`, 'gm');
  return new Map([...body.matchAll(entry)].map(([, name = '', value = '']) => [name, value]));
}

const catalog = keysOf(/^catalog:\n((?: {2}.*\n)+)/m, 2);
const rootTools = keysOf(/^ {2}dma-fence:\n {4}dependencies:\n((?: {6}.*\n?)+)/m, 6);

test('every version of the catalog is used by somebody', () => {
  const used = new Set([...rootTools].filter(([, value]) => value === 'catalog:').map(([name]) => name));
  for (const { manifest } of workspacePackages())
    for (const [name, value] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }))
      if (value === 'catalog:') used.add(name);
  const overrides = text.slice(text.indexOf('\noverrides:'));
  expect(
    [...catalog.keys()].filter((name) => !used.has(name) && !overrides.includes(`${name}: 'catalog:'`)),
  ).toEqual([]);
});

test('every version of the catalog is exact, and the root names none itself', () => {
  expect(catalog.size).toBeGreaterThan(40);
  for (const [name, version] of catalog) expect(version, name).toMatch(/^(?:npm:\S+@)?\d+\.\d+\.\d+$/);
  expect(rootTools.size).toBeGreaterThan(8);
  for (const [name, version] of rootTools) expect(version, name).toMatch(/^(?:catalog:|workspace:\^)$/);
});

test('npm finds nothing to install, and hands over to the script that brings pnpm', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
  expect(Object.keys(manifest).filter((key) => /dependencies|workspaces|overrides/i.test(key))).toEqual([]);
  expect(manifest['scripts']).toMatchObject({ postinstall: 'node scripts/bootstrap.js --after-install' });
  expect(readFileSync(join(root, '.npmrc'), 'utf8')).toContain('package-lock-only=true');
});
