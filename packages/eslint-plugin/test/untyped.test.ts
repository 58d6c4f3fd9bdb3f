import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lint } from './support/lint.js';

const root = new URL('corpus/', import.meta.url);
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const oneFunction = [
  'no-fence-leak',
  'no-double-put',
  'no-use-after-put',
  'no-put-borrowed',
  'balanced-signalling',
];

describe('without types', () => {
  it.each(files.filter((name) => !name.endsWith('.bad.ts')))('%s is not reported', (name) => {
    expect(lint(readFileSync(new URL(name, root), 'utf8'), { config: 'oxlint', typed: false })).toEqual([]);
  });

  it('most mistakes within one function are found all the same', () => {
    // What a field is, only types say.
    const bad = files.filter(
      (name) =>
        name.endsWith('.bad.ts') &&
        oneFunction.some((rule) => name.startsWith(rule)) &&
        !/\bclass\b/.test(readFileSync(new URL(name, root), 'utf8')),
    );
    const found = bad.filter(
      (name) =>
        lint(readFileSync(new URL(name, root), 'utf8'), { config: 'oxlint', typed: false }).length > 0,
    );
    expect(found.length / bad.length).toBeGreaterThan(0.7);
  });
});
