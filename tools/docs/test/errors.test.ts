import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FENCE_ERRNO } from '@dma-fence/core';
import { expect, test } from 'vitest';
import { root } from '../../../scripts/workspace.js';

const text = readFileSync(join(root, 'docs', 'errors.md'), 'utf8');

test.each(Object.entries(FENCE_ERRNO))(
  'the error reference has %s, its number and its words',
  (code, errno) => {
    const section = new RegExp(`^## ${code}\\n\\n\\*\\*[A-Z][^*]+\\*\\* \\(${String(errno)}\\)\\. \\S`, 'm');
    expect(text).toMatch(section);
  },
);

test('the error reference has no code that does not exist', () => {
  const codes = [...text.matchAll(/^## (\S+)$/gm)].map(([, code]) => code);
  expect(codes).toEqual(Object.keys(FENCE_ERRNO));
});
