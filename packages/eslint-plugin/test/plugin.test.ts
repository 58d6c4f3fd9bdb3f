import { readdirSync, readFileSync } from 'node:fs';
import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import plugin from '@dma-fence/eslint-plugin';
import { lint } from './support/lint.js';
import { metaOf } from './support/page.js';

const names = Object.keys(plugin.rules).sort();

function listed(folder: string, ending: string): string[] {
  return readdirSync(new URL(folder, import.meta.url))
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .sort();
}

describe('the plugin', () => {
  it('has a file and a page for every rule, and a rule for every file and page', () => {
    const others = new Set(['create-rule', 'index', 'of-resources', 'suggest']);
    expect(listed('../src/rules/', '.ts').filter((name) => !others.has(name))).toEqual(names);
    expect(listed('../docs/rules/', '.md')).toEqual(names);
  });

  it('says the version of its package', () => {
    const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(plugin.meta.version).toBe(manifest.version);
  });

  it('has configurations that each contain the one before', () => {
    const on = (config: 'recommended' | 'strict' | 'all'): string[] =>
      Object.keys(plugin.configs[config].rules ?? {});
    expect(on('strict')).toEqual(expect.arrayContaining(on('recommended')));
    const ofFences = names.filter((name) => metaOf(name).docs.set !== 'resources');
    expect(on('all').sort()).toEqual(ofFences.map((name) => `dma-fence/${name}`));
    expect(on('recommended')).toHaveLength(14);
  });

  it('turns every rule that needs types off in disable-type-checked', () => {
    const off = plugin.configs['disable-type-checked'].rules ?? {};
    for (const name of names)
      expect(off[`dma-fence/${name}`] === 'off', name).toBe(metaOf(name).docs.requiresTypeChecking);
  });

  it('describes each rule in a sentence without a full stop, and each option', () => {
    for (const name of names) {
      const { docs, schema } = metaOf(name);
      expect(docs.description).toMatch(/^[A-Z][^.]*$/);
      for (const { properties = {} } of schema)
        for (const option of Object.values(properties)) expect(option.description).toMatch(/\.$/);
    }
  });

  it.each(['typed', 'recommended', 'strict', 'all', 'resources', 'disable-type-checked', 'oxlint'] as const)(
    'has a configuration %s that ESLint takes',
    (config) => {
      expect(lint('export const one = 1;\n', { config })).toEqual([]);
      expect(plugin.configs[config].name).toBe(`dma-fence/${config}`);
    },
  );

  it('survives plain JavaScript, JSX and a parser that is not its own', () => {
    const linter = new Linter({ configType: 'flat' });
    const code = [
      "import { DmaFenceContext } from '@dma-fence/core';",
      "const context = new DmaFenceContext({ driverName: 'd', timelineName: 't' });",
      'export function Component() { const fence = context.createFence(); return <p title={fence.name}>{fence.seqno}</p>; }',
    ].join('\n');
    const config = {
      ...plugin.configs.all,
      files: ['**/*.jsx'],
      languageOptions: { parserOptions: { ecmaFeatures: { jsx: true } } },
    } as Linter.Config;
    expect(linter.verify(code, config, 'file.jsx').map(({ ruleId }) => ruleId)).toEqual([
      'dma-fence/no-fence-leak',
    ]);
  });
});
