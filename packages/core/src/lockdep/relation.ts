import type { Frame } from './frame.js';
import type { Trace } from './trace.js';

/** How an event's stack lies to the stack of a holder. */
export interface Relation {
  /**
   * `inside`: in the function that holds, or in one it called. `outer`: in a caller of that function, which has moved on.
   * `fork`: beside it, under one and the same `await`. `other`: in another branch of one `Promise.all`. `none`: nothing in common.
   */
  readonly kind: 'inside' | 'outer' | 'fork' | 'other' | 'none';
  /** The function in which they meet. */
  readonly key: string | undefined;
  /** True when the event's side of that function waits in an `await`. */
  readonly async: boolean;
  /** True when the holder's side of it waited for the holder, who may have passed its hold up. */
  readonly passed: boolean;
  /** True when it is that function itself in which the event happened, and none that it called. */
  readonly direct: boolean;
  /**
   * True when it happened in a function that another one on this very stack has called, and may await or not. What runs
   * in the executor of a promise is taken to be awaited: callbacks settle that promise, and no stack shows it.
   */
  readonly called: boolean;
}

export function relate(holder: Trace, event: Trace): Relation {
  for (const [i, mine] of holder.frames.entries()) {
    if (mine.index !== undefined) continue;
    const j = event.frames.findIndex((frame) => frame.key === mine.key);
    if (j < 0) continue;
    const theirs = event.frames[j] as Frame;
    const called = j > 0 && event.frames[1]?.async === false && !(event.inExecutor <= j);
    const found = { key: mine.key, async: theirs.async, passed: mine.async, direct: j === 0, called };
    if (branchesDiffer(holder.frames, i, event.frames, j)) return { kind: 'other', ...found };
    if (i === 0) return { kind: 'inside', ...found };
    return { kind: mine.at === theirs.at && theirs.async ? 'fork' : 'outer', ...found };
  }
  return { kind: 'none', key: undefined, async: false, passed: false, direct: false, called: false };
}

/** Whether the two stacks went through different branches of a `Promise.all`: right below where they meet, or above it. */
function branchesDiffer(a: readonly Frame[], i: number, b: readonly Frame[], j: number): boolean {
  const differ = (x: Frame | undefined, y: Frame | undefined): boolean =>
    x?.index !== undefined && y?.index !== undefined && x.index !== y.index;
  if (differ(a[i - 1], b[j - 1])) return true;
  for (let step = 1; ; step++) {
    const [x, y] = [a[i + step], b[j + step]];
    if (x === undefined || y === undefined) return false;
    if (differ(x, y)) return true;
    if (x.key !== y.key && x.index === undefined) return false;
  }
}
