const NOBODY = 65_534;

/**
 * Does something without root's rights, which are above all permissions. Somebody who is not root just does it.
 */
export async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
