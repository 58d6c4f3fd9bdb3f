import { describe, expect, it } from 'vitest';
import { explore, ScheduleError, type Outcome, type Scenario } from './explorer.ts';
import type { Cells, Program } from './virtual-thread.ts';

const accept = (): void => undefined;

/** A thread of so many accesses that nobody else can notice. */
const steps =
  (count: number): Program =>
  (cells) => {
    for (let i = 0; i < count; i++) cells.load(0);
  };

const factorial = (n: number): bigint => (n < 2 ? 1n : BigInt(n) * factorial(n - 1));

/** All orders of `counts[i]` steps of thread i, written out, without the explorer. */
function* orders(counts: readonly number[]): Generator<number[]> {
  if (counts.every((count) => count === 0)) yield [];
  for (const [thread, count] of counts.entries()) {
    if (count === 0) continue;
    for (const rest of orders(counts.with(thread, count - 1))) yield [thread, ...rest];
  }
}

/** How often such an order leaves a thread that could go on. */
function preemptionsOf(order: readonly number[]): number {
  return order.filter((thread, i) => {
    const before = order[i - 1];
    return before !== undefined && before !== thread && order.slice(i).includes(before);
  }).length;
}

const results = ({ threads }: Outcome): unknown[] =>
  Object.values(threads).map((thread) => ('result' in thread ? thread.result : thread.state));

/** Every way in which a scenario can end. */
function endings(scenario: Omit<Scenario, 'check'>): string[] {
  const seen = new Set<string>();
  explore({ ...scenario, check: (outcome) => void seen.add(JSON.stringify(results(outcome))) });
  return [...seen].sort();
}

function failureOf(scenario: Scenario): ScheduleError {
  try {
    explore(scenario);
  } catch (error) {
    if (error instanceof ScheduleError) return error;
    throw error;
  }
  throw new Error('every schedule ended well');
}

const noneBlocked = ({ threads }: Outcome): void => {
  for (const [name, { state }] of Object.entries(threads)) {
    if (state === 'blocked' || state === 'idle') throw new Error(`${name} sleeps for ever`);
  }
};

describe('explore counts what there is', () => {
  it.each([
    [2, 3],
    [4, 4],
    [6, 2],
  ])('two threads of %i and %i accesses have as many schedules as there are ways to mix them', (a, b) => {
    const { schedules } = explore({ cells: [0], threads: { a: steps(a), b: steps(b) }, check: accept });
    expect(schedules).toBe(factorial(a + b) / (factorial(a) * factorial(b)));
  });

  it('three threads of 3, 2 and 3 accesses have 560', () => {
    const threads = { a: steps(3), b: steps(2), c: steps(3) };
    expect(explore({ cells: [0], threads, check: accept }).schedules).toBe(560n);
  });

  it.each([0, 1, 2, 3])('with %i preemptions it runs exactly the orders that need no more', (preemptions) => {
    const expected = [...orders([4, 3, 2])].filter((order) => preemptionsOf(order) <= preemptions).length;
    const threads = { a: steps(4), b: steps(3), c: steps(2) };
    expect(explore({ cells: [0], threads, preemptions, check: accept }).schedules).toBe(BigInt(expected));
  });

  it('merging equal states changes neither the number of schedules nor their endings', () => {
    const scenario: Omit<Scenario, 'check'> = {
      cells: [0, 0],
      threads: {
        a: (cells) => [cells.add(0, 1), cells.load(1)],
        b: (cells) => [cells.add(1, 1), cells.load(0)],
        c: (cells) => [cells.load(0), cells.load(1)],
      },
    };
    const merged = explore({ ...scenario, check: accept });
    const single = explore({ ...scenario, merge: false, check: accept });
    expect(single.schedules).toBe(90n);
    expect(merged.schedules).toBe(single.schedules);
    expect(merged.states).toBeLessThan(single.states);
    expect(endings(scenario)).toEqual(endings({ ...scenario, merge: false }));
  });

  it('a thread of three accesses can die before each of them: four endings', () => {
    const write: Program = (cells) => {
      for (let i = 1; i <= 3; i++) cells.store(0, i);
    };
    const left: number[] = [];
    explore({
      cells: [0],
      threads: { a: { run: write, mortal: true } },
      kills: 1,
      check: ({ cells }) => void left.push(cells[0] as number),
    });
    expect(left.sort()).toEqual([0, 1, 2, 3]);
  });

  it('one kill kills one of two, at every point of every order', () => {
    const expected = new Set([...orders([2, 2])].map((order) => order.join()));
    // It dies instead of some access of anybody's, as long as it has one left; the others go on without it.
    for (const order of orders([2, 2])) {
      for (let at = 0; at < order.length; at++) {
        for (const victim of [0, 1]) {
          if (!order.slice(at).includes(victim)) continue;
          expected.add(
            [
              ...order.slice(0, at),
              `x${String(victim)}`,
              ...order.slice(at).filter((t) => t !== victim),
            ].join(),
          );
        }
      }
    }
    const mortal = { run: steps(2), mortal: true };
    const { schedules } = explore({ cells: [0], threads: { a: mortal, b: mortal }, kills: 1, check: accept });
    expect(schedules).toBe(BigInt(expected.size));
  });
});

describe('explore sees what sequentially consistent threads can do', () => {
  it('the store buffer test ends in three of four ways: one of the two must see the other', () => {
    const threads = {
      a: (cells: Cells) => (cells.store(0, 1), cells.load(1)),
      b: (cells: Cells) => (cells.store(1, 1), cells.load(0)),
    };
    expect(endings({ cells: [0, 0], threads })).toEqual(['[0,1]', '[1,0]', '[1,1]']);
  });

  it('a read and a write lose an update, one add does not', () => {
    const careless: Program = (cells) => {
      cells.store(0, cells.load(0) + 1);
    };
    const careful: Program = (cells) => cells.add(0, 1);
    const after = (run: Program): Set<number> => {
      const sums = new Set<number>();
      explore({
        cells: [0],
        threads: { a: run, b: run },
        check: ({ cells }) => void sums.add(cells[0] as number),
      });
      return sums;
    };
    expect(after(careless)).toEqual(new Set([1, 2]));
    expect(after(careful)).toEqual(new Set([2]));
  });

  it('a lost update needs a preemption: with none allowed it is not found', () => {
    const careless: Program = (cells) => {
      cells.store(0, cells.load(0) + 1);
    };
    const check = ({ cells }: Outcome): void => {
      if (cells[0] !== 2) throw new Error('an update was lost');
    };
    const scenario: Scenario = { cells: [0], threads: { a: careless, b: careless }, check };
    explore({ ...scenario, preemptions: 0 });
    const error = failureOf({ ...scenario, preemptions: 1 });
    expect(error.message).toContain('an update was lost');
    expect(error.schedule).toEqual([
      'a: load(0), the cell holds 0',
      'b: load(0), the cell holds 0',
      'b: store(0, 1), the cell holds 0',
      'a: store(0, 1), the cell holds 1',
    ]);
  });

  it('Peterson excludes; with the turn given before the flag is raised it does not', () => {
    const enter =
      (me: 0 | 1, right: boolean): Program =>
      (cells) => {
        const other = 1 - me;
        if (right) cells.store(me, 1);
        cells.store(2, other);
        if (!right) cells.store(me, 1);
        // One look instead of a loop: whoever would wait goes home.
        if (cells.load(other) === 1 && cells.load(2) === other) return 'outside';
        const inside = cells.add(3, 1);
        cells.add(3, -1);
        return inside;
      };
    const both = (right: boolean): Scenario => ({
      cells: [0, 0, 0, 0],
      threads: { a: enter(0, right), b: enter(1, right) },
      check: (outcome) => {
        if (results(outcome).includes(1)) throw new Error('both are inside');
      },
    });
    explore(both(true));
    expect(failureOf(both(false)).message).toContain('both are inside');
  });
});

describe('explore sees threads sleep', () => {
  /** Sleeps until the cell is 1, counted as a waiter first, as it should be. */
  const sleeper: Program = (cells) => {
    cells.add(1, 1);
    while (cells.load(0) !== 1) cells.wait(0, 0);
    cells.add(1, -1);
  };

  it('a sleeper that is counted before it sleeps is always woken', () => {
    const waker: Program = (cells) => {
      cells.store(0, 1);
      if (cells.load(1) > 0) cells.notify(0);
    };
    explore({ cells: [0, 0], threads: { sleeper, waker }, check: noneBlocked });
  });

  it('finds the planted bug: the count is looked at before the flag is set', () => {
    const waker: Program = (cells) => {
      const waiting = cells.load(1) > 0;
      cells.store(0, 1);
      if (waiting) cells.notify(0);
    };
    const error = failureOf({ cells: [0, 0], threads: { sleeper, waker }, check: noneBlocked });
    expect(error.message).toContain('sleeper sleeps for ever');
    // One preemption does it: between the waker's look and its store.
    expect(
      failureOf({ cells: [0, 0], threads: { sleeper, waker }, preemptions: 1, check: noneBlocked }),
    ).toBeTruthy();
    explore({ cells: [0, 0], threads: { sleeper, waker }, preemptions: 0, check: noneBlocked });
  });

  it('finds the planted bug: the flag is checked before the waiter is counted', () => {
    const waker: Program = (cells) => {
      cells.store(0, 1);
      if (cells.load(1) > 0) cells.notify(0);
    };
    const careless: Program = (cells) => {
      if (cells.load(0) === 1) return;
      cells.add(1, 1);
      // Whatever it holds by now.
      cells.wait(0, cells.load(0));
    };
    expect(failureOf({ cells: [0, 0], threads: { careless, waker }, check: noneBlocked }).message).toContain(
      'careless sleeps for ever',
    );
  });

  it('a wait ends at once when the cell has changed, and a timeout is one more way to end', () => {
    const wait =
      (timeoutMs?: number): Program =>
      (cells) => [cells.wait(0, 0, timeoutMs), cells.now()];
    const waker: Program = (cells) => {
      cells.store(0, 1);
      return cells.notify(0);
    };
    expect(endings({ cells: [0], threads: { a: wait(), waker } })).toEqual([
      '[["not-equal",0],0]',
      '[["ok",0],1]',
    ]);
    expect(endings({ cells: [0], threads: { a: wait(5), waker } })).toEqual([
      '[["not-equal",0],0]',
      '[["ok",0],1]',
      '[["timed-out",5],0]',
    ]);
  });

  it('one notify wakes everybody who sleeps, in whatever order they go on', () => {
    const wait: Program = (cells) => [cells.wait(0, 0), cells.add(1, 1)];
    const waker: Program = (cells) => {
      cells.store(0, 1);
      cells.notify(0);
    };
    const seen = endings({ cells: [0, 0], threads: { a: wait, b: wait, waker } });
    expect(seen.filter((ending) => ending.includes('"ok",0') && ending.includes('"ok",1'))).toHaveLength(2);
    expect(seen.every((ending) => !ending.includes('blocked'))).toBe(true);
  });

  it('an armed wake-up runs in a turn of its own, after what its thread was doing', () => {
    const armed: Program = (cells) => {
      const log: string[] = [];
      const was = cells.waitAsync(0, 0, () => {
        log.push(`woken at ${String(cells.load(0))}`);
      });
      log.push(was ? 'armed' : 'too late');
      cells.load(0);
      log.push('main is over');
      return log;
    };
    const waker: Program = (cells) => {
      cells.store(0, 1);
      cells.notify(0);
    };
    expect(endings({ cells: [0], threads: { armed, waker } })).toEqual([
      '[["armed","main is over","woken at 1"],null]',
      '[["too late","main is over"],null]',
    ]);
    expect(endings({ cells: [0], threads: { armed } })).toEqual(['[["armed","main is over"]]']);
    let state: unknown;
    explore({ cells: [0], threads: { armed }, check: ({ threads }) => (state = threads['armed']?.state) });
    expect(state).toBe('idle');
  });

  it('a thread may start when another one is over or has died, and a dead sleeper is not woken', () => {
    const seen = endings({
      cells: [0],
      threads: {
        worker: { run: (cells) => cells.wait(0, 0), mortal: true },
        heir: { run: (cells) => cells.notify(0), after: 'worker' },
      },
      kills: 1,
    });
    expect(seen).toEqual(['["blocked","unborn"]', '["dead",0]']);
  });
});

describe('explore refuses what would make it lie', () => {
  it('a program that depends on more than its cells', () => {
    let calls = 0;
    const moody: Program = (cells) => {
      cells.load(calls++ % 2);
      cells.load(0);
    };
    expect(() => explore({ cells: [0, 0], threads: { moody }, check: accept })).toThrow(
      /depend on their cells only/,
    );
  });

  it('a cell that does not exist, a thread that does not exist', () => {
    expect(() => explore({ cells: [], threads: { a: steps(1) }, check: accept })).toThrow(/no cell 0/);
    expect(() =>
      explore({ cells: [0], threads: { a: { run: steps(1), after: 'b' } }, check: accept }),
    ).toThrow(/no thread is called b/);
  });

  it('what a program throws by itself is not swallowed', () => {
    const broken: Program = (cells) => {
      cells.load(0);
      throw new TypeError('broken');
    };
    expect(() => explore({ cells: [0], threads: { broken }, check: accept })).toThrow(TypeError);
  });
});
