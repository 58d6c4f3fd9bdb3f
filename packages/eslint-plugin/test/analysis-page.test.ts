import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lint } from './support/lint.js';

const page = new URL('../docs/analysis.md', import.meta.url);
const text = readFileSync(page, 'utf8');
const [, sample = ''] = /```ts\n(?<sample>[\s\S]*?)```/.exec(text) ?? [];

describe('the page on the analysis', () => {
  it('says what is reported of its example', () => {
    const reports = lint(sample, { rules: { 'dma-fence/prefer-using': 'off' } });
    expect(reports.map(({ rule }) => rule)).toEqual(['require-field-release']);
    const [{ line, message } = { line: 0, message: '' }] = reports;
    expect(text).toContain(`"${message}"`);
    expect(sample.split('\n')[line - 1]).toContain('this.#fences.delete(key);');
    expect(sample.split('\n')[line - 2]).toContain('expire(');
  });

  it('names files that are there', () => {
    const named = [...text.matchAll(/`(?<path>src\/[\w/.-]+|test\/[\w/.-]+)`/g)].map(
      (match) => match[1] ?? '',
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((path) => !existsSync(new URL(`../${path}`, import.meta.url)))).toEqual([]);
  });
});
