/**
 * A text's number, for sums: a map's digest is the sum over its entries, so that a write changes it by two numbers and
 * neither order nor size matter. 52 bits: of two million different states two would meet with a chance of one in a thousand.
 */
export function digest(text: string): number {
  let high = 0x811c9dc5;
  let low = 0x9747b28c;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 0x01000193);
    low = Math.imul(low ^ unit, 0x5bd1e995);
    low ^= low >>> 13;
  }
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b);
  low = Math.imul(low ^ (low >>> 15), 0xc2b2ae35);
  return ((high ^ (high >>> 13)) >>> 6) * 0x4000000 + ((low ^ (low >>> 16)) >>> 6);
}

const modulus = 2 ** 52;

/** The sum with a part more, or (`sign` −1) a part less; exact, since it stays below 2^53. */
export function plus(sum: number, part: number, sign: 1 | -1): number {
  const next = sum + sign * part;
  if (next >= modulus) return next - modulus;
  return next < 0 ? next + modulus : next;
}
