import { describe, expect, test } from 'vitest';
import { block } from '../../src/shared/blocking-wait.js';
import { AWAITED, LAP_LENGTH as LAP, RESERVED, VALUE } from '../../src/shared/block.js';
import { Waiter } from '../../src/shared/waiter.js';
import { explore, ScheduleError, type Outcome, type Scenario } from '../explorer/explorer.js';
import type { Cells, Program } from '../explorer/virtual-thread.js';
import { freshBlock, resultOf, view, VirtualMemory, type View } from './virtual-memory.js';

const EPERM = 1;
const EIO = 5;
const ECANCELED = 125;

/** How many preemptions are tried: more in the slow leg, see `stress`. */
const bound = (preemptions: number): number => preemptions + (process.env['STRESS'] === undefined ? 0 : 1);

const over = (outcome: Outcome, name: string): unknown => {
  const thread = outcome.threads[name];
  if (thread?.state !== 'finished') throw new Error(`${name} is ${String(thread?.state)}`);
  return thread.result;
};

const program =
  (
    run: (own: View) => unknown,
    wrap: (cells: Cells) => VirtualMemory = (cells) => new VirtualMemory(cells),
  ): Program =>
  (cells) =>
    run(view(wrap(cells)));

const advance = (to: number, errno = 0): Program =>
  program(({ progress }) => {
    if (progress.advance(to, errno)) progress.wake();
  });

const blocker = (value: number): Program =>
  program((own) => {
    block(own.memory, own.progress, value, Infinity);
    return resultOf(own, value);
  });

/** A thread that does not block: arms a wake-up for `wanted`, notes what it settles. */
const awaiter = (wanted: number): Program =>
  program(({ memory, progress }) => {
    const settled: number[] = [];
    const awaiting = {
      wanted,
      catchUp: () => {
        if (progress.value > (settled.at(-1) ?? 0)) settled.push(progress.value);
      },
    };
    const waiter = new Waiter(memory, progress, awaiting, false);
    waiter.arm();
    return settled;
  });

/** The last move of the value has found, and cleared, whatever said that somebody waits. */
const nobodyWaits = ({ cells }: Outcome): boolean => ((cells[VALUE] as number) & AWAITED) === 0;

const last = (list: unknown): unknown => (list as unknown[]).at(-1);

function planted(scenario: Scenario): string {
  try {
    explore(scenario);
  } catch (error) {
    if (error instanceof ScheduleError) return error.message;
    throw error;
  }
  return 'nothing found';
}

describe('under every schedule, whoever waits is woken', () => {
  test('a thread that blocks, and one advance', () => {
    const { schedules } = explore({
      cells: freshBlock(),
      threads: { waits: blocker(1), works: advance(1) },
      check: (outcome) => {
        expect(over(outcome, 'waits')).toBe('ok');
        expect(nobodyWaits(outcome)).toBe(true);
      },
    });
    expect(schedules).toBeGreaterThan(100n);
  });

  test('a thread that blocks for the second of two values, a thread that fails the first', () => {
    explore({
      cells: freshBlock(),
      threads: {
        waits: blocker(2),
        works: program(({ progress }) => {
          for (const [to, errno] of [
            [1, EIO],
            [2, 0],
          ] as const) {
            if (progress.advance(to, errno)) progress.wake();
          }
        }),
      },
      check: (outcome) => {
        expect(over(outcome, 'waits')).toBe('ok');
      },
    });
  });

  test('two threads that block, one that does not, and two advances', () => {
    explore({
      cells: freshBlock(),
      threads: {
        first: blocker(1),
        second: blocker(2),
        third: awaiter(2),
        works: program(({ progress }) => {
          for (const to of [1, 2]) if (progress.advance(to, 0)) progress.wake();
        }),
      },
      preemptions: bound(1),
      check: (outcome) => {
        over(outcome, 'first');
        over(outcome, 'second');
        expect(last(over(outcome, 'third'))).toBe(2);
        expect(nobodyWaits(outcome)).toBe(true);
      },
    });
  });

  test('an armed wake-up that is given up and wanted again is as good as a new one', () => {
    explore({
      cells: freshBlock(),
      threads: {
        waits: program(({ memory, progress }) => {
          const settled: number[] = [];
          const awaiting = { wanted: 2, catchUp: () => void settled.push(progress.value) };
          const waiter = new Waiter(memory, progress, awaiting, false);
          waiter.arm();
          // Given up: the wake-up stays armed.
          awaiting.wanted = 0;
          waiter.arm();
          awaiting.wanted = 2;
          waiter.arm();
          return settled;
        }),
        works: program(({ progress }) => {
          for (const to of [1, 2]) if (progress.advance(to, 0)) progress.wake();
        }),
      },
      check: (outcome) => {
        // The wake-up that is armed may be left over: it wakes nobody.
        const { waits } = outcome.threads;
        expect(last((waits as { result: unknown }).result)).toBe(2);
        expect(nobodyWaits(outcome)).toBe(true);
      },
    });
  });

  test('a cancel ends every wait, also one for a number nobody has reserved', () => {
    explore({
      cells: freshBlock(),
      threads: {
        waits: blocker(7),
        gives: program(({ memory, progress }) => {
          progress.cancel(ECANCELED);
          memory.notify();
        }),
      },
      check: (outcome) => {
        expect(over(outcome, 'waits')).toBe(ECANCELED);
      },
    });
  });

  test('a timeout leaves nobody that is said to wait, whatever comes in between', () => {
    const results = new Set<unknown>();
    explore({
      cells: freshBlock(),
      threads: {
        waits: (cells) => {
          const own = view(new VirtualMemory(cells));
          return block(own.memory, own.progress, 2, 0.5) ? resultOf(own, 2) : 'timeout';
        },
        works: program(({ progress }) => {
          for (const to of [1, 2]) if (progress.advance(to, 0)) progress.wake();
        }),
      },
      check: (outcome) => {
        results.add(over(outcome, 'waits'));
        expect(nobodyWaits(outcome)).toBe(true);
      },
    });
    expect(results).toEqual(new Set(['ok', 'timeout']));
  });
});

describe('planted bugs are found', () => {
  const sleepers = (outcome: Outcome): void => {
    over(outcome, 'waits');
  };

  test('whether somebody waits is looked at before the value is moved', () => {
    class EarlyLook extends VirtualMemory {
      override compareExchange(index: number, expected: number, replacement: number): number {
        const seen = super.compareExchange(index, expected, replacement);
        if (index !== VALUE || seen !== (expected | AWAITED)) return seen;
        // Moves all the same, and says what it saw first.
        return super.compareExchange(index, seen, replacement) === seen ? expected : seen;
      }
    }
    const works = program(
      ({ progress }) => {
        if (progress.advance(1, 0)) progress.wake();
      },
      (cells) => new EarlyLook(cells),
    );
    expect(
      planted({ cells: freshBlock(), threads: { waits: blocker(1), works }, check: sleepers }),
    ).toContain('waits is blocked');
  });

  test('a thread sleeps on a value that it has not looked at', () => {
    class BlindSleep extends VirtualMemory {
      override wait(_expected: number, timeoutMs: number): void {
        super.wait(super.load(VALUE), timeoutMs);
      }
    }
    const waits = program(
      ({ memory, progress }) => block(memory, progress, 1, Infinity),
      (cells) => new BlindSleep(cells),
    );
    expect(
      planted({ cells: freshBlock(), threads: { waits, works: advance(1) }, check: sleepers }),
    ).toContain('waits is blocked');
  });

  test('the value is checked before it is said that somebody waits', () => {
    /** Says so only when the thread has looked and armed: too late, nothing compares VALUE again. */
    class LateWord extends VirtualMemory {
      override compareExchange(index: number, expected: number, replacement: number): number {
        return replacement === (expected | AWAITED)
          ? expected
          : super.compareExchange(index, expected, replacement);
      }
      override waitAsync(expected: number, wake: () => void): boolean {
        const word = expected & ~AWAITED;
        const armed = super.waitAsync(word, wake);
        super.compareExchange(VALUE, word, word | AWAITED);
        return armed;
      }
    }
    const waits: Program = (cells) => {
      const memory = new LateWord(cells);
      const { progress } = view(memory);
      new Waiter(memory, progress, { wanted: 1, catchUp: () => undefined }, false).arm();
      return true;
    };
    expect(
      planted({ cells: freshBlock(), threads: { waits, works: advance(1) }, check: sleepers }),
    ).toContain('waits is idle');
  });

  test('a failure does not see that somebody has begun to wait meanwhile, and lets go of its lock', () => {
    /** Takes a flag that was set in between for a value that has moved on. */
    class Forgetful extends VirtualMemory {
      override compareExchange(index: number, expected: number, replacement: number): number {
        const seen = super.compareExchange(index, expected, replacement);
        return index === VALUE && seen === (expected | AWAITED) && (expected & 1) === 1 ? ~seen : seen;
      }
    }
    const works = program(
      ({ progress }) => {
        if (progress.advance(1, EIO)) progress.wake();
      },
      (cells) => new Forgetful(cells),
    );
    expect(planted({ cells: freshBlock(), threads: { waits: blocker(1), works }, check: sleepers })).not.toBe(
      'nothing found',
    );
  });
});

describe('under every schedule, a value has one result, and everybody sees the same', () => {
  /** Looks at two values again and again: what it once knew must stay. */
  const reader = (values: readonly number[], rounds: number): Program =>
    program((own) => {
      const known = new Map<number, string | number>();
      for (let round = 0; round < rounds; round++) {
        for (const value of values) {
          const result = resultOf(own, value);
          const before = known.get(value);
          if (before !== undefined && before !== result) {
            throw new Error(`value ${String(value)} was ${String(before)}, now it is ${String(result)}`);
          }
          if (result !== 'pending') known.set(value, result);
        }
      }
      return [...known];
    });

  const agree = (
    outcome: Outcome,
    names: readonly string[],
    cellsAfter: (value: number) => unknown,
  ): void => {
    for (const name of names) {
      for (const [value, result] of over(outcome, name) as [number, unknown][]) {
        expect(result, `${name} on ${String(value)}`).toBe(cellsAfter(value));
      }
    }
  };

  /** What a thread that comes when all is over finds. */
  const finalResult =
    (outcome: Outcome, errorSlots = 4) =>
    (value: number): unknown => {
      const still = {
        load: (index: number) => outcome.cells[index] as number,
        peek: (index: number) => outcome.cells[index] as number,
      } as VirtualMemory;
      return resultOf(view(still, { errorSlots }), value);
    };

  test('two threads that advance at once, one with an error: the late one is a no-op', () => {
    const results = new Set<string>();
    explore({
      cells: freshBlock(),
      threads: { a: advance(2, EIO), b: advance(1), reads: reader([1, 2], 1) },
      preemptions: bound(1),
      check: (outcome) => {
        over(outcome, 'a');
        over(outcome, 'b');
        const result = finalResult(outcome);
        agree(outcome, ['reads'], result);
        expect(result(2)).toBe(EIO);
        results.add(String(result(1)));
      },
    });
    expect(results).toEqual(new Set(['ok', '5']));
  });

  test('two threads that fail the same values with different errors', () => {
    const results = new Set<string>();
    explore({
      cells: freshBlock(),
      threads: { a: advance(1, EIO), b: advance(2, EPERM), reads: reader([1, 2], 1) },
      preemptions: bound(1),
      check: (outcome) => {
        const result = finalResult(outcome);
        agree(outcome, ['reads'], result);
        expect(result(2)).toBe(EPERM);
        expect(result(3)).toBe('pending');
        results.add(String(result(1)));
      },
    });
    expect(results).toEqual(new Set(['5', '1']));
  });

  test('a cancel against an advance with an error, and a reader', () => {
    const results = new Set<string>();
    explore({
      cells: freshBlock(),
      threads: {
        works: advance(1, EIO),
        gives: program(({ progress }) => {
          progress.cancel(ECANCELED);
        }),
        reads: reader([1, 2], 2),
      },
      preemptions: bound(1),
      check: (outcome) => {
        over(outcome, 'works');
        over(outcome, 'gives');
        const result = finalResult(outcome);
        agree(outcome, ['reads'], result);
        expect(result(2)).toBe(ECANCELED);
        results.add(String(result(1)));
      },
    });
    expect(results).toEqual(new Set(['5', '125']));
  });

  test('two cancels: one reason stays', () => {
    explore({
      cells: freshBlock(),
      threads: {
        a: program(({ progress }) => {
          progress.cancel(EIO);
        }),
        b: program(({ progress }) => {
          progress.cancel(EPERM);
        }),
        reads: reader([1], 2),
      },
      preemptions: bound(3),
      check: (outcome) => {
        const result = finalResult(outcome);
        agree(outcome, ['reads'], result);
        expect([EIO, EPERM]).toContain(result(1));
      },
    });
  });

  test('more errors than slots: a reader gets the error or "no longer known", never a false success', () => {
    const results = new Set<unknown>();
    explore({
      cells: freshBlock({ errorSlots: 1 }),
      threads: {
        works: (cells) => {
          const { progress } = view(new VirtualMemory(cells), { errorSlots: 1 });
          for (const to of [1, 2, 3, 4]) progress.advance(to, to % 2 === 1 ? EPERM : ECANCELED);
        },
        reads: (cells) => {
          const own = view(new VirtualMemory(cells), { errorSlots: 1 });
          return [resultOf(own, 1), resultOf(own, 2)];
        },
      },
      preemptions: bound(2),
      check: (outcome) => {
        const [first, second] = over(outcome, 'reads') as unknown[];
        expect(['pending', EPERM, EIO]).toContain(first);
        expect(['pending', ECANCELED, EIO]).toContain(second);
        results.add(first);
      },
    });
    expect(results).toEqual(new Set(['pending', EPERM, EIO]));
  });

  test('a value that passes 2^31 and its laps is never read wrong', () => {
    const start = LAP - 1;
    explore({
      cells: freshBlock({ errorSlots: 2 }, start),
      threads: {
        works: (cells) => {
          const { progress } = view(new VirtualMemory(cells), { errorSlots: 2 });
          progress.advance(LAP, 0);
          progress.advance(LAP + 1, EIO);
        },
        helps: (cells) => {
          const { progress } = view(new VirtualMemory(cells), { errorSlots: 2 });
          progress.advance(LAP, 0);
        },
        reads: (cells) => {
          const own = view(new VirtualMemory(cells), { errorSlots: 2 });
          const seen: number[] = [];
          for (let i = 0; i < 3; i++) {
            own.progress.look();
            seen.push(own.progress.value);
          }
          return seen;
        },
      },
      preemptions: bound(1),
      check: (outcome) => {
        const seen = over(outcome, 'reads') as number[];
        expect(seen).toEqual([...seen].sort((a, b) => a - b));
        for (const value of seen) expect([start, LAP, LAP + 1]).toContain(value);
        expect(finalResult(outcome, 2)(LAP + 1)).toBe(EIO);
      },
    });
  });

  test.each([2 ** 31 - 1, 2 ** 32 - 1])('values go on across %i, with and without error', (start) => {
    explore({
      cells: freshBlock({ errorSlots: 2 }, start),
      threads: {
        works: (cells) => {
          const { progress } = view(new VirtualMemory(cells), { errorSlots: 2 });
          progress.advance(start + 1, EPERM);
          progress.advance(start + 2, 0);
          progress.wake();
        },
        waits: (cells) => {
          const own = view(new VirtualMemory(cells), { errorSlots: 2 });
          block(own.memory, own.progress, start + 2, Infinity);
          return [
            resultOf(own, start),
            resultOf(own, start + 1),
            resultOf(own, start + 2),
            resultOf(own, start + 3),
          ];
        },
      },
      check: (outcome) => {
        expect(over(outcome, 'waits')).toEqual(['ok', EPERM, 'ok', 'pending']);
      },
    });
  });
});

describe('under every schedule, numbers are given out once', () => {
  const reserve = program(({ progress }) => progress.reserve());

  test('three submitters get three numbers', () => {
    explore({
      cells: freshBlock(),
      threads: { a: reserve, b: reserve, c: reserve },
      preemptions: bound(3),
      check: (outcome) => {
        expect([over(outcome, 'a'), over(outcome, 'b'), over(outcome, 'c')].sort()).toEqual([1, 2, 3]);
        expect(outcome.cells[RESERVED]).toBe(3);
      },
    });
  });

  test('a number that is given out is not finished before its submitter has it', () => {
    explore({
      cells: freshBlock(),
      threads: {
        submits: program(({ progress }) => {
          const number = progress.reserve();
          return [number, progress.value];
        }),
        works: advance(2),
      },
      check: (outcome) => {
        const [number, value] = over(outcome, 'submits') as [number, number];
        expect(number).toBeGreaterThan(value);
      },
    });
  });

  test('a number is not given out after a cancel', () => {
    explore({
      cells: freshBlock(),
      threads: {
        submits: reserve,
        gives: program(({ progress }) => {
          progress.cancel(ECANCELED);
          return progress.reserve();
        }),
      },
      check: (outcome) => {
        expect(over(outcome, 'gives')).toBe(0);
        expect([0, 1]).toContain(over(outcome, 'submits'));
      },
    });
  });
});

describe('wherever a thread dies, nobody hangs and nothing succeeds that was not done', () => {
  /** What `bindOwner` does when the worker is gone. */
  const heir = program(({ memory, progress }) => {
    progress.look();
    progress.advance(progress.reserved(), ECANCELED);
    memory.notify();
  });

  test('a worker that finishes one value and fails the next, all three reserved', () => {
    const cells = freshBlock();
    cells[RESERVED] = 3;
    const results = new Set<string>();
    explore({
      cells,
      kills: 1,
      preemptions: bound(1),
      threads: {
        worker: {
          run: program(({ progress }) => {
            if (progress.advance(1, 0)) progress.wake();
            if (progress.advance(2, EIO)) progress.wake();
          }),
          mortal: true,
        },
        heir: { run: heir, after: 'worker' },
        waits: program((own) => {
          block(own.memory, own.progress, 3, Infinity);
          return [1, 2, 3].map((value) => resultOf(own, value));
        }),
      },
      check: (outcome) => {
        results.add(String(over(outcome, 'waits')));
      },
    });
    expect([...results].sort()).toEqual(['125,125,125', 'ok,125,125', 'ok,5,125']);
  });

  test('a worker that dies failing a value: it failed with the one code or the other, for everybody', () => {
    const cells = freshBlock();
    cells[RESERVED] = 1;
    const results = new Set<string>();
    explore({
      cells,
      kills: 1,
      threads: {
        worker: {
          run: program(({ progress }) => {
            if (progress.advance(1, EIO)) progress.wake();
          }),
          mortal: true,
        },
        heir: { run: heir, after: 'worker' },
        waits: awaiter(1),
        reads: { run: program((own) => resultOf(own, 1)), after: 'heir' },
      },
      preemptions: bound(2),
      check: (outcome) => {
        expect(last(over(outcome, 'waits'))).toBe(1);
        results.add(String(over(outcome, 'reads')));
      },
    });
    expect(results).toEqual(new Set(['5', '125']));
  });

  test('a worker that dies while it cancels: the next one completes it', () => {
    explore({
      cells: freshBlock(),
      kills: 1,
      threads: {
        worker: {
          run: program(({ progress }) => {
            progress.cancel(EPERM);
          }),
          mortal: true,
        },
        heir: {
          run: program(({ memory, progress }) => {
            progress.cancel(ECANCELED);
            memory.notify();
          }),
          after: 'worker',
        },
        waits: blocker(1),
      },
      check: (outcome) => {
        expect([EPERM, ECANCELED]).toContain(over(outcome, 'waits'));
      },
    });
  });

  test('a reader that dies anywhere leaves everybody else alone', () => {
    explore({
      cells: freshBlock(),
      kills: 1,
      threads: {
        reader: { run: blocker(1), mortal: true },
        waits: blocker(1),
        works: advance(1, EIO),
      },
      preemptions: bound(1),
      check: (outcome) => {
        expect(over(outcome, 'waits')).toBe(EIO);
        over(outcome, 'works');
      },
    });
  });
});
