/**
 * Compares two pictures byte for byte.
 *
 * @param result - RGBA
 * @param expected - RGBA of the same size
 * @returns how many pixels differ in at least one channel
 */
export function countWrongPixels(result: Uint8Array, expected: Uint8Array): number {
  // Equal pictures are the rule, and this is the fast way to know.
  if (Buffer.compare(result, expected) === 0) return 0;
  let wrong = 0;
  for (let i = 0; i < expected.length; i += 4) {
    const same =
      result[i] === expected[i] &&
      result[i + 1] === expected[i + 1] &&
      result[i + 2] === expected[i + 2] &&
      result[i + 3] === expected[i + 3];
    if (!same) wrong += 1;
  }
  return wrong;
}
