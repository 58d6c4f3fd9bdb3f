import { expect, it } from 'vitest';
import { printable } from '../../src/command/printable.ts';

it.each([
  ['holiday 1.png', 'holiday 1.png'],
  ['Köln – 日本 🎉.png', 'Köln – 日本 🎉.png'],
  ['\u001b[31mred', '\\x1b[31mred'],
  ['a\nAll is right.', 'a\\nAll is right.'],
  ['\r\t\u0000\u007f\u009b', '\\r\\t\\x00\\x7f\\x9b'],
  ['gpj.\u202egnp', 'gpj.\\u202egnp'],
  ['line\u2028line', 'line\\u2028line'],
])('%j', (text, shown) => {
  expect(printable(text)).toBe(shown);
});
