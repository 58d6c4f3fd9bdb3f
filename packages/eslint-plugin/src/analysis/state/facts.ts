import { SharedMap } from './shared-map.js';
import { dependsOn } from '../text/syntax.js';

/** What is known of a stable expression: whether it counts as true, whether it is missing, which literal it equals or does not. */
export interface Fact {
  readonly truthy?: boolean | undefined;
  readonly nullish?: boolean | undefined;
  readonly is?: string | undefined;
  readonly not?: readonly string[] | undefined;
  /** Every chain of names the expression reads. */
  readonly reads: readonly string[];
}

/** The conditions that hold on a path, by the text of what they speak of. */
export class Facts {
  readonly #facts: SharedMap<string, Fact>;

  constructor(from?: Facts) {
    this.#facts = new SharedMap(from === undefined ? undefined : from.#facts);
  }

  get(subject: string): Fact | undefined {
    return this.#facts.get(subject);
  }

  learn(subject: string, change: Partial<Fact>, reads: readonly string[]): void {
    this.#facts.set(subject, { ...this.#facts.get(subject), reads, ...change });
  }

  /** A name was written to: what was known of it, of what lies under it and of what it indexes, no longer holds. */
  forget(path: string): void {
    for (const [subject, fact] of this.#facts) {
      if (fact.reads.some((read) => dependsOn(read, path))) this.#facts.delete(subject);
    }
  }

  /** Other code ran: only what cannot have changed stays. */
  forgetWhere(isMutable: (path: string) => boolean): void {
    for (const [subject, fact] of this.#facts)
      if (fact.reads.some((read) => isMutable(read))) this.#facts.delete(subject);
  }

  /** Keeps what another path knows too; answers whether anything was dropped. */
  keepShared(other: Facts): boolean {
    let dropped = false;
    for (const subject of this.#facts.differing(other.#facts)) {
      const fact = this.#facts.get(subject);
      if (fact === undefined) continue;
      const theirs = other.#facts.get(subject);
      const shared = theirs && intersect(fact, theirs);
      if (shared === undefined) this.#facts.delete(subject);
      else if (shared !== fact) this.#facts.set(subject, shared);
      else continue;
      dropped = true;
    }
    return dropped;
  }
}

function intersect(mine: Fact, theirs: Fact): Fact | undefined {
  const truthy = mine.truthy === theirs.truthy ? mine.truthy : undefined;
  const nullish = mine.nullish === theirs.nullish ? mine.nullish : undefined;
  const is = mine.is === theirs.is ? mine.is : undefined;
  const not = mine.not?.filter(
    (one) => theirs.not?.includes(one) === true || (theirs.is !== undefined && theirs.is !== one),
  );
  const same =
    truthy === mine.truthy && nullish === mine.nullish && is === mine.is && not?.length === mine.not?.length;
  if (same) return mine;
  if (
    truthy === undefined &&
    nullish === undefined &&
    is === undefined &&
    (not === undefined || not.length === 0)
  )
    return undefined;
  return { truthy, nullish, is, not, reads: mine.reads };
}
