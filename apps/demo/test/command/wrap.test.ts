import { expect, it } from 'vitest';
import { columnsOf, wrap } from '../../src/command/wrap.ts';

it.each([
  ['fits as it is', 40, 'fits as it is'],
  ['just fits', 9, 'just fits'],
  ['one two three four', 9, 'one two\n  three\n  four'],
  ['one /a/path/that/is/too/long two', 10, 'one\n  /a/path/that/is/too/long\n  two'],
  ['no terminal, no end', Infinity, 'no terminal, no end'],
  ['', 5, ''],
  ['far-too-long two', 5, 'far-too-long\n  two'],
  ['    in by four', 10, '    in by\n      four'],
  ['never twice, whatever the width', 0, 'never\n  twice,\n  whatever\n  the\n  width'],
])('%j in %d columns', (line, columns, wrapped) => {
  expect(wrap(line, columns)).toBe(wrapped);
});

it.each([
  [{ isTTY: true, columns: 80 }, 80],
  [{ isTTY: true, columns: 0 }, undefined],
  [{ isTTY: true, columns: undefined }, undefined],
  [{ isTTY: false, columns: 80 }, undefined],
])('%j: so wide is the terminal, as far as anybody knows', (stream, columns) => {
  expect(columnsOf(stream as NodeJS.WriteStream)).toBe(columns);
});
