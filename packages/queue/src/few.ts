/** None, one, or several: most jobs follow one thing, and are followed by one. */
export type Few<T> = T | T[] | undefined;

/** The list with one more. */
export function plus<T extends object>(few: Few<T>, one: T): Few<T> {
  if (few === undefined) return one;
  if (!Array.isArray(few)) return [few, one];
  few.push(one);
  return few;
}

/** All of them. */
export function all<T extends object>(few: Few<T>): readonly T[] {
  return few === undefined ? NONE : Array.isArray(few) ? few : [few];
}

const NONE: readonly never[] = [];
