/**
 * What becomes of a value in the stress runs: every 1009th fails.
 *
 * @param {number} value
 * @returns {'EPERM' | undefined}
 */
export function expectedError(value) {
  return value % 1009 === 0 ? 'EPERM' : undefined;
}

/** How far the producer may be ahead of the slowest consumer; a few errors fit in, so that none is forgotten before it is read. */
export const WINDOW = 4096;
