import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lint, places, withPresets } from './support/lint.js';

const root = new URL('fixtures/resources/', import.meta.url);

/** A mistake and its repair, told from a public report. */
interface Pair {
  readonly name: string;
  readonly code: string;
}

/** The pairs of a file; what stands before the first one belongs to each. */
function pairsOf(file: string): Pair[] {
  const [head = '', ...sections] = readFileSync(new URL(file, root), 'utf8').split(/^\/\/ pair: /m);
  return sections.map((section) => ({
    name: `${file.replace('.ts', '')}: ${section.slice(0, section.indexOf('\n'))}`,
    code: `${head}// ${section}`,
  }));
}

/** What a pair says should be reported: `// reports <rule>` above a line. */
function expected(code: string): string[] {
  return code.split('\n').flatMap((text, index) => {
    const rule = /\/\/ reports (?<rule>\S+)$/.exec(text)?.groups?.['rule'];
    return rule === undefined ? [] : [`${String(index + 2)} ${rule}`];
  });
}

const pairs = readdirSync(root).sort().flatMap(pairsOf);

describe('what is known of other resources', () => {
  it('fills seventy pairs, each with a mistake', () => {
    expect(pairs.length).toBeGreaterThanOrEqual(70);
    for (const { name, code } of pairs) expect(expected(code).length, name).toBeGreaterThan(0);
  });

  it.each(pairs)('$name: the mistake is reported, and its repair is not', ({ code }) => {
    expect(places(lint(code, withPresets)).sort()).toEqual(expected(code).sort());
  });
});
