import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lint } from './support/lint.js';
import { rewrites } from './support/rewrites.js';

const root = new URL('corpus/', import.meta.url);
const correct = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.bad.ts'))
  .sort();

// What is lent is published, and used after a signal: that is more than nothing to these two.
const options = {
  rules: {
    'dma-fence/prefer-using': 'off',
    'dma-fence/require-signal': 'off',
    'dma-fence/no-use-after-signal': 'off',
  },
} as const;

/** Every file meets one rewrite, and every rewrite dozens of files; `EVERY_REWRITE=1` has each file meet all of them. */
function chosen(index: number): typeof rewrites {
  if (process.env['EVERY_REWRITE'] === '1') return rewrites;
  return [index, index * 7 + 3]
    .map((at) => rewrites[at % rewrites.length])
    .filter((one) => one !== undefined);
}

describe('a rewrite that changes nothing', () => {
  it.each(correct.map((name, index) => [name, index] as const))('of %s is not reported', (name, index) => {
    const code = readFileSync(new URL(name, root), 'utf8');
    for (const { name: how, apply } of chosen(index)) {
      const text = apply(code);
      expect(lint(text, options), `${how}:\n${text}`).toEqual([]);
    }
  });

  it('is one that changes the text of many files', () => {
    const texts = correct.slice(0, 100).map((name) => readFileSync(new URL(name, root), 'utf8'));
    for (const { name, apply } of rewrites)
      expect(texts.filter((text) => apply(text) !== text).length, name).toBeGreaterThan(25);
  });
});
