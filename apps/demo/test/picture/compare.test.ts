import { expect, it } from 'vitest';
import { countWrongPixels } from '../../src/picture/compare.ts';

it('counts pixels, not bytes, and any channel makes a pixel wrong', () => {
  const expected = Uint8Array.from({ length: 40 }, (_, index) => index);
  const result = expected.slice();
  expect(countWrongPixels(result, expected)).toBe(0);
  for (const channel of [0, 1, 2, 3]) result[channel * 4 + channel] = 99;
  result[36] = result[37] = 99;
  expect(countWrongPixels(result, expected)).toBe(5);
});
