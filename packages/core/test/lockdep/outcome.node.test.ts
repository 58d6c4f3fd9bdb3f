import { virtualClock, type VirtualClock } from '@dma-fence/core/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Node } from '../../src/lockdep/graph.js';
import { Hold } from '../../src/lockdep/hold.js';
import { Outcome } from '../../src/lockdep/outcome.js';
import type { Fail } from '../../src/lockdep/reporter.js';
import { captureTrace, type Trace } from '../../src/lockdep/trace.js';
import { stack } from './stack.js';

const node = new Node('lock', 'cache');

/** Who is told, by name: `asking` where it was asked, `coming` where it came. */
const asking: Fail = () => undefined;
const coming: Fail = () => undefined;

interface Asked {
  clock: VirtualClock;
  hold: Hold;
  outcome: Outcome;
  /** To whom it was told that the holder awaits it. */
  told: string[];
}

/** A holder asked for something that has not come yet. */
function ask(since: Trace, trace: Trace = stack('read:2 < hold:3')): Asked {
  const clock = virtualClock();
  onTestFinished(() => {
    clock[Symbol.dispose]();
  });
  const hold = new Hold({ node, name: 'cache', asked: since, parent: undefined });
  const outcome = new Outcome();
  const told: string[] = [];
  outcome.whenAwaited(hold, { trace, fail: asking }, (fail) => {
    told.push(fail === asking ? 'asking' : 'coming');
  });
  return { clock, hold, outcome, told };
}

describe('what comes is awaited by the holder', () => {
  test.each([
    ['who goes on with it itself', 'hold:4', true],
    ['whose callee goes on', 'read:2 < await hold:4', true],
    ['who has returned to its caller, which goes on', 'main:12', true],
    ['whose caller is all that shows', 'await main:9', true],
    ['if nobody shows', '', true],
    ['if nobody but packages show', '~run:1 < ~loop:2', true],
    ['if nothing but a branch shows', '#1 < ~loop:2', true],
    ['but not if somebody else goes on', 'other:1', false],
    ['but not if somebody else shows among packages', '~run:1 < other:1 < ~loop:2', false],
    ['but not if it came to a fork beside the holder', 'read:2 < await main:9', false],
    ['but not in another branch', 'hold:1 < #1 < await main:9', false],
  ])('%s', (_, goesOn, awaited) => {
    const { outcome, told } = ask(stack('hold:1 < #0 < await main:9'.replace(awaited ? '#0 < ' : '', '')));
    outcome.came(stack(goesOn), coming);
    expect(told).toEqual(awaited ? ['coming'] : []);
  });
});

describe('an outcome', () => {
  test('is awaited from the first question on, until it came', () => {
    const none = new Outcome();
    expect(none.awaited).toBe(false);
    none.came(stack('hold:4'), coming);
    const { outcome } = ask(stack('hold:1'));
    expect(outcome.awaited).toBe(true);
    outcome.came(stack('hold:4'), coming);
    expect(outcome.awaited).toBe(false);
  });

  test('comes once', () => {
    const { outcome, told, clock } = ask(stack('hold:1'));
    outcome.came(stack('hold:4'), coming);
    outcome.came(stack('hold:4'), coming);
    clock.advanceSync(5000);
    expect(told).toEqual(['coming']);
  });

  test('that takes a second is told where it was asked for, and not again', () => {
    const { outcome, told, clock, hold } = ask(stack('hold:1'));
    clock.advanceSync(999);
    expect(told).toEqual([]);
    clock.advanceSync(1);
    expect(told).toEqual(['asking']);
    outcome.came(stack('hold:4'), coming);
    hold.end(undefined);
    expect(told).toEqual(['asking']);
  });

  test('of a hold that is over is nobody’s, and leaves no timer', () => {
    const { outcome, told, clock, hold } = ask(stack('hold:1'));
    hold.end(undefined);
    expect(clock.timers).toBe(0);
    outcome.came(stack('hold:4'), coming);
    expect(told).toEqual([]);
  });

  test('that came leaves no timer', () => {
    const { outcome, clock } = ask(stack('hold:1'));
    outcome.came(stack('other:1'), coming);
    expect(clock.timers).toBe(0);
  });
});

describe('what came to somebody else is awaited by the holder after all', () => {
  /** Takes the lock; the line is the same each time. */
  function take(): Trace {
    return captureTrace();
  }

  /** Asks for something when it is given nothing; else does it. */
  function load(act: () => void): void {
    act();
  }

  function holder(act: (trace: Trace) => void): void {
    act(captureTrace());
  }

  function asked(): Asked {
    let since = take();
    let trace = take();
    holder((taken) => {
      since = taken;
      load(() => (trace = captureTrace()));
    });
    const all = ask(since, trace);
    all.outcome.came(stack('other:1'), coming);
    return all;
  }

  test('if it is the function that asked which ends the hold', () => {
    const { hold, told } = asked();
    load(() => {
      hold.end(undefined);
    });
    expect(told).toEqual(['asking']);
  });

  test('but not if the holder ends it', () => {
    const { hold, told } = asked();
    holder(() => {
      hold.end(undefined);
    });
    expect(told).toEqual([]);
  });

  test('but not if the holder ends it by way of the function that asked', () => {
    const { hold, told } = asked();
    holder(() => {
      load(() => {
        hold.end(undefined);
      });
    });
    expect(told).toEqual([]);
  });

  test('but not if a stranger ends it, even one that called both', () => {
    const { hold, told } = asked();
    hold.end(undefined);
    expect(told).toEqual([]);
  });

  test('as long as it is not one of a great many', () => {
    const { hold, told } = asked();
    for (let count = 1; count < 150; count++) {
      const outcome = new Outcome();
      outcome.whenAwaited(hold, { trace: stack('read:2'), fail: asking }, () => undefined);
      outcome.came(stack('other:1'), coming);
    }
    expect(hold.outlived.size).toBe(100);
    load(() => {
      hold.end(undefined);
    });
    expect(told).toEqual(['asking']);
  });
});
