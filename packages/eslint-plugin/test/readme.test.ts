import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import plugin from '@dma-fence/eslint-plugin';
import { lint } from './support/lint.js';
import { rulesTable } from './support/rules-table.js';

const file = new URL('../README.md', import.meta.url);
const readme = readFileSync(file, 'utf8');
const table = /(?<=<!-- rules -->\n\n)[\s\S]*?(?=\n\n<!-- \/rules -->)/;
const corpus = readdirSync(new URL('corpus/', import.meta.url), { recursive: true, encoding: 'utf8' });

describe('the README', () => {
  it('has every rule in its table, as the rule speaks of itself; `vitest -u` writes it', async () => {
    expect(readme).toMatch(table);
    await expect(readme.replace(table, rulesTable())).toMatchFileSnapshot('../README.md');
  });

  it('promises no more files of mistakes and of good code than there are', () => {
    const groups = /(?<bad>\d+) mistakes and (?<good>\d+) files of good code/.exec(readme)?.groups;
    const bad = corpus.filter((name) => name.endsWith('.bad.ts')).length;
    const good = corpus.filter((name) => name.endsWith('.ts')).length - bad;
    expect(Number(groups?.['bad'])).toBeLessThanOrEqual(bad);
    expect(Number(groups?.['good'])).toBeLessThanOrEqual(good);
  });

  it('shows a report that is really made, where it is made', () => {
    const sample = /```ts\n(?<code>[\s\S]*?)```/.exec(readme)?.groups?.['code'] ?? '';
    const lines = sample.split('\n');
    const claimed = lines.flatMap((text, index) => {
      const groups = /\/\/ (?<rule>[a-z-]+): (?<message>.+)$/.exec(text)?.groups;
      return groups ? [`${String(index + 1)} ${groups['rule'] ?? ''}: ${groups['message'] ?? ''}`] : [];
    });
    expect(claimed).toHaveLength(1);
    expect(
      lint(sample, { config: 'recommended' }).map(
        ({ line, rule, message }) => `${String(line)} ${rule}: ${message}`,
      ),
    ).toEqual(claimed);
  });

  it('names every configuration', () => {
    for (const config of Object.keys(plugin.configs)) expect(readme).toContain(`\`${config}\``);
  });
});
