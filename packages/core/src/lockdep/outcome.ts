import { platform } from '../platform.js';
import type { Hold } from './hold.js';
import { relate } from './relation.js';
import type { Fail } from './reporter.js';
import { captureTrace, type Trace } from './trace.js';

/** So long an answer may take, in ms: what is then still held, and still waited for, is a deadlock that happens. */
const PATIENCE = 1_000;

/** So much is remembered of one hold: a lock that is held for good must not collect what is begun beside it. */
const MANY = 100;

/** Something that was asked for while a hold was open. */
interface Asking {
  readonly trace: Trace;
  readonly fail: Fail;
}

/**
 * What a task asked for, until it comes: whoever goes on then is who awaited it.
 *
 * When a holder calls a function that waits, the stack is the same whether it is going to await that function
 * (`await load()`) or not (`void load()`, `emit('load')`): only what it awaits is held up by it.
 */
export class Outcome {
  #open: ((trace: Trace, fail: Fail) => void)[] = [];

  /** Whether anything depends on who goes on. */
  get awaited(): boolean {
    return this.#open.length > 0;
  }

  /** Calls `act` once it shows that the holder awaits it, or passed the hold on to who does; or if it takes too long. */
  whenAwaited(
    hold: Hold,
    asking: Asking,
    act: (fail: Fail) => void,
    goesOn: (trace: Trace) => boolean = (trace) => awaits(hold, trace),
  ): void {
    const over = (): void => {
      hold.outlived.delete(over);
      platform.clearTimer(timer);
    };
    const timer = platform.setTimer(() => {
      over();
      act(asking.fail);
    }, PATIENCE);
    hold.outlived.add(over);
    this.#open.push((trace, fail) => {
      if (!hold.outlived.has(over)) return;
      over();
      if (goesOn(trace)) act(fail);
      else if (hold.outlived.size < MANY) {
        hold.outlived.add(() => {
          if (passedDown(hold, asking.trace)) act(asking.fail);
        });
      }
    });
  }

  /** It came; `trace` shows who goes on with it. */
  came(trace: Trace, fail: Fail): void {
    const open = this.#open;
    this.#open = [];
    for (const answer of open) answer(trace, fail);
  }
}

/** Whether the holder is among those that go on; if nobody of the user's shows, it may be. */
function awaits(hold: Hold, trace: Trace): boolean {
  const shown = trace.frames.some(
    ({ index, file }) => index === undefined && !file.includes('/node_modules/'),
  );
  if (!shown) return true;
  const { kind, direct } = relate(hold.since, trace);
  return kind === 'inside' || kind === 'outer' || (kind === 'fork' && direct);
}

/** Whether the hold is ended, here and now, by one of the functions that asked, and not by the one that took it. */
function passedDown(hold: Hold, asking: Trace): boolean {
  const holders = hold.since.frames.map(({ key }) => key);
  const meeting = asking.frames.findIndex(({ key }) => holders.includes(key));
  const below = asking.frames.slice(0, meeting).map(({ key }) => key);
  const ending = captureTrace().frames.map(({ key }) => key);
  return !ending.includes(holders[0] ?? '') && ending.some((key) => below.includes(key));
}
