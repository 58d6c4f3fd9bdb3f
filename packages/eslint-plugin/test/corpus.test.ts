import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lint, places } from './support/lint.js';

const root = new URL('corpus/', import.meta.url);

const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .sort();

/** What a file says should be reported: `// reports <rule> …` above a line. */
function expected(code: string): string[] {
  return code.split('\n').flatMap((text, index) => {
    const rules = /\/\/ reports (?<rules>.+)$/.exec(text)?.groups?.['rules']?.split(' ') ?? [];
    return rules.map((rule) => `${String(index + 2)} ${rule}`);
  });
}

// Whether `using` would read better is a matter of style, and no mistake of these files.
const withoutStyle = { rules: { 'dma-fence/prefer-using': 'off' } } as const;

describe('the corpus of mistakes and their repairs', () => {
  it('holds at least 120 pairs', () => {
    const bad = files.filter((name) => name.endsWith('.bad.ts'));
    const repaired = new Set(files.filter((name) => name.endsWith('.repaired.ts')));
    expect(bad.length).toBeGreaterThanOrEqual(120);
    expect(bad.filter((name) => !repaired.has(name.replace('.bad.ts', '.repaired.ts')))).toEqual([]);
  });

  it.each(files)('%s is reported exactly where it says', (name) => {
    const code = readFileSync(new URL(name, root), 'utf8');
    expect(places(lint(code, withoutStyle)).sort()).toEqual(expected(code).sort());
  });
});
