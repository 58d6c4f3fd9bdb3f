import { describe, expect, test } from 'vitest';
import { OPERATION } from '../../src/shared/block.js';
import { explore, ScheduleError, type Outcome, type Scenario } from '../explorer/explorer.js';
import type { Program } from '../explorer/virtual-thread.js';
import { freshBlock, say, view, VirtualMemory, type Layout, type View } from './virtual-memory.js';

const EPERM = 1;
const EIO = 5;
const ECANCELED = 125;

const bound = (preemptions: number): number => preemptions + (process.env['STRESS'] === undefined ? 0 : 1);

/** Room for texts of one word. */
const LAYOUT: Layout = { errorSlots: 1, errorTextBytes: 4 };

/** An errno and what its error says: in these scenarios, the errno again, or nothing. */
type Told = 'pending' | 'ok' | readonly [errno: number, says: number | undefined];

function toldOf({ progress, errors }: View, value: number): Told {
  const canceled = progress.look();
  if (value > progress.value) {
    return canceled ? [progress.cancelErrno(), progress.cancelText()?.[0]] : 'pending';
  }
  const { errno, told } = errors.resultOf(value);
  if (errno === 0) return 'ok';
  return [errno, told === undefined ? undefined : errors.texts.read(told)?.[0]];
}

const program =
  (run: (own: View) => unknown, layout = LAYOUT, Memory: typeof VirtualMemory = VirtualMemory): Program =>
  (cells) =>
    run(view(new Memory(cells), layout));

/** Fails values with an error that says its own errno. */
const fail = (to: number, errno: number, layout = LAYOUT, Memory = VirtualMemory): Program =>
  program(
    ({ progress }) => {
      if (progress.advance(to, errno, say(errno))) progress.wake();
    },
    layout,
    Memory,
  );

const reads = (values: readonly number[], layout = LAYOUT): Program =>
  program((own) => values.map((value) => toldOf(own, value)), layout);

const result = ({ threads }: Outcome, name: string): Told[] => {
  const thread = threads[name];
  if (thread?.state !== 'finished') throw new Error(`${name} is ${String(thread?.state)}`);
  return thread.result as Told[];
};

const finally_ = ({ cells }: Outcome, value: number, layout = LAYOUT): Told => {
  const still = { load: (index: number) => cells[index] as number } as VirtualMemory;
  return toldOf(view(still, layout), value);
};

/** Whatever it says is its own; only an error that is no longer known says nothing, unless `orNothing`. */
function isOwn(told: Told, orNothing = false): void {
  if (typeof told === 'string') return;
  const [errno, says] = told;
  if (says === undefined) expect(orNothing, `nothing said beside ${String(errno)}`).toBe(true);
  else expect(says).toBe(errno);
}

function planted(scenario: Scenario): string {
  try {
    explore(scenario);
  } catch (error) {
    if (error instanceof ScheduleError) return error.message;
    throw error;
  }
  return 'nothing found';
}

describe('under every schedule, an error says what its own signaller said', () => {
  test('whoever sees the error sees its text', () => {
    const seen = new Set<string>();
    explore({
      cells: freshBlock(LAYOUT),
      threads: { works: fail(1, EPERM), reads: reads([1, 1]) },
      check: (outcome) => {
        for (const told of [...result(outcome, 'reads'), finally_(outcome, 1)]) {
          isOwn(told);
          seen.add(String(told));
        }
      },
    });
    expect(seen).toEqual(new Set(['pending', '1,1']));
  });

  test.each([
    [1, 1],
    [1, 2],
    [2, 1],
  ])('two threads fail up to %i and %i at once: its own or nothing, never that of the other', (a, b) => {
    const seen = new Set<string>();
    const layout = { ...LAYOUT, errorSlots: 2 };
    explore({
      cells: freshBlock(layout),
      threads: { a: fail(a, EPERM, layout), b: fail(b, EIO, layout) },
      preemptions: bound(2),
      check: (outcome) => {
        for (const value of [1, 2]) {
          isOwn(finally_(outcome, value, layout), true);
          seen.add(String(finally_(outcome, value, layout)));
        }
      },
    });
    expect(seen).toContain('1,1');
    expect(seen).toContain('5,5');
  });

  test('three threads, one of which says nothing', () => {
    explore({
      cells: freshBlock(LAYOUT),
      threads: {
        a: fail(1, EPERM),
        b: fail(2, EIO),
        mute: program(({ progress }) => {
          progress.advance(2, ECANCELED);
        }),
      },
      preemptions: bound(1),
      check: (outcome) => {
        for (const value of [1, 2]) {
          const told = finally_(outcome, value);
          isOwn(told, true);
          if (typeof told === 'object' && told[0] === ECANCELED) expect(told[1]).toBeUndefined();
        }
      },
    });
  });

  test('more errors than slots, and a reader: the text of that error, or that it is no longer known', () => {
    const seen = new Set<string>();
    explore({
      cells: freshBlock(LAYOUT),
      threads: {
        works: program(({ progress }) => {
          for (const to of [1, 2, 3, 4]) progress.advance(to, to * 10, say(to * 10));
        }),
        reads: reads([1, 2]),
      },
      preemptions: bound(2),
      check: (outcome) => {
        for (const told of result(outcome, 'reads')) {
          isOwn(told, true);
          seen.add(String(told));
        }
      },
    });
    expect(seen).toContain('10,10');
    expect(seen).toContain('20,20');
  });

  test('a thread that was slow for a whole round of the ring writes over nobody', () => {
    explore({
      cells: freshBlock(LAYOUT),
      threads: {
        slow: fail(1, EPERM),
        works: program(({ progress }) => {
          for (const to of [2, 3, 4, 5]) progress.advance(to, to * 10, say(to * 10));
        }),
      },
      preemptions: bound(1),
      check: (outcome) => {
        isOwn(finally_(outcome, 5), true);
      },
    });
  });

  test('two cancels: the reason that stays says its own, or nothing', () => {
    const seen = new Set<string>();
    explore({
      cells: freshBlock(LAYOUT),
      threads: Object.fromEntries(
        [EPERM, EIO].map((errno) => [
          String(errno),
          program(({ progress }) => {
            progress.cancel(errno, say(errno));
          }),
        ]),
      ),
      preemptions: bound(2),
      check: (outcome) => {
        isOwn(finally_(outcome, 1), true);
        seen.add(String(finally_(outcome, 1)));
      },
    });
    expect(seen).toContain('1,1');
    expect(seen).toContain('5,5');
  });

  test('a worker that dies anywhere while it fails a value leaves its own text, or the heir fails it', () => {
    const seen = new Set<string>();
    explore({
      cells: freshBlock(LAYOUT),
      kills: 1,
      threads: {
        worker: { run: fail(1, EIO), mortal: true },
        heir: { run: fail(1, ECANCELED), after: 'worker' },
        reads: reads([1]),
      },
      preemptions: bound(1),
      check: (outcome) => {
        for (const told of [...result(outcome, 'reads'), finally_(outcome, 1)]) {
          isOwn(told, typeof told === 'object' && told[0] === ECANCELED);
          seen.add(String(told));
        }
      },
    });
    // The last: where the worker had claimed the place.
    expect(seen).toEqual(new Set(['pending', '5,5', '125,125', '125,']));
  });
});

describe('under every schedule, what is passed over fails where it should', () => {
  test('an advance that jumps, a reader, and one that dies on the way', () => {
    const layout = { errorSlots: 2, errorTextBytes: 4, skippedFail: true };
    const seen = new Set<string>();
    explore({
      cells: freshBlock(layout),
      kills: 1,
      threads: {
        worker: {
          run: program(({ progress }) => {
            if (progress.advance(3, 0, say(ECANCELED))) progress.wake();
          }, layout),
          mortal: true,
        },
        heir: { run: fail(3, EPERM, layout), after: 'worker' },
        reads: reads([1, 2, 3], layout),
      },
      preemptions: bound(1),
      check: (outcome) => {
        result(outcome, 'reads').forEach((told) => {
          isOwn(told, true);
        });
        seen.add(String([1, 2, 3].map((value) => finally_(outcome, value, layout))));
      },
    });
    for (const end of seen) {
      // All of it, or up to the jump, or nothing: never a success for what was passed over.
      expect(['125,125,125,125,ok', '125,125,125,125,1,1', '1,1,1,1,1,1', '1,,1,,1,']).toContain(end);
    }
    expect(seen).toContain('125,125,125,125,ok');
  });
});

describe('planted bugs are found', () => {
  const layout = LAYOUT;
  const textAt = freshBlock(layout).length - 4 * (3 + 1);
  const check = (orNothing: boolean) => (outcome: Outcome) => {
    for (const told of [...result(outcome, 'reads'), finally_(outcome, 1)]) isOwn(told, orNothing);
  };

  test('a text that is written when its error is already there', () => {
    class Late extends VirtualMemory {
      #late: [number, number][] = [];
      override store(index: number, value: number): void {
        this.#late.push([index, value]);
      }
      override compareExchange(index: number, expected: number, replacement: number): number {
        const seen = super.compareExchange(index, expected, replacement);
        if (index === OPERATION && (seen & 511) !== 0) {
          for (const [at, value] of this.#late.splice(0)) super.store(at, value);
        }
        return seen;
      }
    }
    const threads = { works: fail(1, EPERM, layout, Late), reads: reads([1]) };
    expect(planted({ cells: freshBlock(layout), threads, check: check(false) })).toContain(
      'nothing said beside 1',
    );
  });

  test('a thread that takes a place which another has claimed', () => {
    class Greedy extends VirtualMemory {
      override load(index: number): number {
        // The claim of whatever place: nobody's.
        return index >= textAt && (index - textAt) % 4 === 0 ? this.#claimed(index) : super.load(index);
      }
      #claimed(index: number): number {
        super.load(index);
        return 0;
      }
      override compareExchange(index: number, expected: number, replacement: number): number {
        const seen = super.compareExchange(index, expected, replacement);
        return index >= textAt && seen !== expected ? expected : seen;
      }
    }
    const threads = {
      a: fail(1, EPERM, layout, Greedy),
      b: fail(1, EIO, layout, Greedy),
      reads: reads([1]),
    };
    expect(planted({ cells: freshBlock(layout), threads, preemptions: 2, check: check(true) })).not.toBe(
      'nothing found',
    );
  });

  test('an operation that is taken for done whatever was done since', () => {
    class Amnesiac extends VirtualMemory {
      override load(index: number): number {
        const word = super.load(index);
        return index === OPERATION && (word & 511) === 0 ? 0 : word;
      }
      override compareExchange(index: number, expected: number, replacement: number): number {
        return index === OPERATION && (replacement & 511) === 0
          ? super.compareExchange(index, expected, 0)
          : super.compareExchange(index, expected, replacement);
      }
    }
    // Whoever loses its place to another error says the text of the one that claimed the next.
    const threads = {
      a: fail(3, EPERM, layout, Amnesiac),
      b: fail(1, EIO, layout, Amnesiac),
      c: fail(2, ECANCELED, layout, Amnesiac),
      reads: reads([]),
    };
    const everyValue = (outcome: Outcome): void => {
      for (const value of [1, 2, 3]) isOwn(finally_(outcome, value), true);
    };
    expect(planted({ cells: freshBlock(layout), threads, preemptions: 2, check: everyValue })).not.toBe(
      'nothing found',
    );
  });
});
