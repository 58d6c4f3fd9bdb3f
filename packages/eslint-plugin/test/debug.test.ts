import { describe, expect, it } from 'vitest';
import { lint } from './support/lint.js';

const flags = Array.from({ length: 8 }, (_, index) => `c${String(index)}: boolean`).join(', ');
const takes = Array.from(
  { length: 8 },
  (_, index) => `const f${String(index)} = c${String(index)} ? context.createFence() : undefined;`,
).join(' ');
const code = `import type { DmaFenceContext } from '@dma-fence/core';
export function many(context: DmaFenceContext, ${flags}): void { ${takes} }
`;

describe('a function with more paths than a lint run should pay for', () => {
  it('is passed over in silence', () => {
    expect(lint(code)).toEqual([]);
  });

  it('is listed where the settings say debug', () => {
    const settings = { 'dma-fence': { debug: true } };
    expect(lint(code, { settings })).toMatchObject([
      {
        line: 2,
        rule: 'no-fence-leak',
        message:
          'This function was passed over by all rules: it has more paths than a lint run should pay for.',
      },
    ]);
    expect(lint(code, { settings: { 'dma-fence': { debug: 'yes' } } })).toEqual([]);
  });
});
