import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import plugin from '@dma-fence/eslint-plugin';
import { lint, withPresets, type LintOptions } from './support/lint.js';
import { header, metaOf, optionsOf } from './support/page.js';

const sections = ['Why', 'Incorrect', 'Correct', 'Options', 'When not to use it'];

function page(name: string): string {
  const file = new URL(`../docs/rules/${name}.md`, import.meta.url);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** The code blocks below a heading. */
function samples(text: string, heading: string): string[] {
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/```ts\n(?<code>[\s\S]*?)```/g)].map((match) => match.groups?.['code'] ?? '');
}

describe.each(Object.keys(plugin.rules))('the page of %s', (name) => {
  const text = page(name);
  // The style rule speaks of working code; every other page is about mistakes.
  const rules = name === 'prefer-using' ? {} : ({ 'dma-fence/prefer-using': 'off' } as const);
  const options: LintOptions = metaOf(name).docs.set === 'resources' ? withPresets : { rules };

  it('begins with what the rule says of itself', () => {
    expect(text.slice(0, header(name).length)).toBe(header(name));
  });

  it('has its sections in order', () => {
    expect([...text.matchAll(/^## (?<title>.+)$/gm)].map((match) => match.groups?.['title'])).toEqual(
      sections,
    );
  });

  it('names every option with its description', () => {
    const listed = text.slice(text.indexOf('## Options'));
    for (const [option, description] of optionsOf(name)) {
      expect(listed).toContain(`\`${option}\``);
      expect(listed).toContain(description);
    }
  });

  it('is reported for each incorrect sample', () => {
    const incorrect = samples(text, 'Incorrect');
    expect(incorrect.length).toBeGreaterThan(0);
    for (const code of incorrect) expect(lint(code, options).map(({ rule }) => rule)).toContain(name);
  });

  it('is silent, with every other rule, about each correct sample', () => {
    const correct = samples(text, 'Correct');
    expect(correct.length).toBeGreaterThan(0);
    for (const code of correct) expect(lint(code, options)).toEqual([]);
  });
});
