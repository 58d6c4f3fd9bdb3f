import { describe, expect, onTestFinished, test } from 'vitest';
import { replacePlatform } from '../../src/replace-platform.js';
import { KeepAlive } from '../../src/shared/keep-alive.js';

/** Timers that only note what becomes of them; `counting` ones can be told whether they keep the process alive. */
function virtualTimers(counting: boolean): { log: string[]; alive: () => number; runOut: () => void } {
  const log: string[] = [];
  const timers = new Map<unknown, { run: () => void; refed: boolean }>();
  const restore = replacePlatform({
    setTimer: (run, ms) => {
      log.push(`set ${String(ms)}`);
      const entry = { run, refed: true };
      const say = (refed: boolean) => () => {
        log.push(refed ? 'ref' : 'unref');
        entry.refed = refed;
      };
      const timer = { handle: counting ? { ref: say(true), unref: say(false) } : 7 };
      timers.set(timer, entry);
      return timer;
    },
    clearTimer: (timer) => {
      log.push('clear');
      timers.delete(timer);
    },
  });
  onTestFinished(() => {
    restore[Symbol.dispose]();
  });
  return {
    log,
    alive: () => [...timers.values()].filter(({ refed }) => refed).length,
    runOut: () => {
      for (const [timer, { run }] of [...timers]) {
        timers.delete(timer);
        run();
      }
    },
  };
}

const LONGEST = `set ${String(2 ** 31 - 1)}`;

describe.each([
  ['a timer that can be told', true],
  ['a timer that cannot be told', false],
])('%s', (_kind, counting) => {
  test('keeps the process alive exactly while somebody waits, one for all waits', () => {
    const { alive } = virtualTimers(counting);
    const own = new KeepAlive();
    for (let round = 0; round < 3; round++) {
      own.waiting(1);
      expect(alive()).toBe(1);
      own.waiting(1);
      own.waiting(-1);
      expect(alive()).toBe(1);
      own.waiting(-1);
      expect(alive()).toBe(0);
    }
  });

  test('is set again when it runs out while somebody waits, and only then', () => {
    const { alive, runOut } = virtualTimers(counting);
    const own = new KeepAlive();
    own.waiting(1);
    runOut();
    expect(alive()).toBe(1);
    own.waiting(-1);
    expect(alive()).toBe(0);
    runOut();
    expect(alive()).toBe(0);
    own.waiting(1);
    expect(alive()).toBe(1);
    own.waiting(-1);
    expect(alive()).toBe(0);
  });
});

test('where a timer can be told whether it counts, one is made for all waits that ever are', () => {
  const { log } = virtualTimers(true);
  const own = new KeepAlive();
  for (const change of [1, -1, 1, 1, -1, -1] as const) own.waiting(change);
  expect(log).toEqual([LONGEST, 'unref', 'ref', 'unref']);
});

test('where it cannot, each stretch of waits has its own', () => {
  const { log } = virtualTimers(false);
  const own = new KeepAlive();
  for (const change of [1, -1, 1, 1, -1, -1] as const) own.waiting(change);
  expect(log).toEqual([LONGEST, 'clear', LONGEST, 'clear']);
});
