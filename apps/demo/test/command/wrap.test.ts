import { expect, it } from 'vitest';
import { wrap } from '../../src/command/wrap.ts';

it.each([
  ['fits as it is', 40, 'fits as it is'],
  ['just fits', 9, 'just fits'],
  ['one two three four', 9, 'one two\n  three\n  four'],
  ['one /a/path/that/is/too/long two', 10, 'one\n  /a/path/that/is/too/long two'],
  ['no terminal, no end', Infinity, 'no terminal, no end'],
  ['', 5, ''],
])('%j in %d columns', (line, columns, wrapped) => {
  expect(wrap(line, columns)).toBe(wrapped);
});
