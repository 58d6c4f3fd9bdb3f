import fc from 'fast-check';
import { expect, test } from 'vitest';
import { block } from '../../src/shared/blocking-wait.js';
import { ERRORS, LAP_LENGTH, RESERVED, VALUE } from '../../src/shared/block.js';
import { Waiter } from '../../src/shared/waiter.js';
import { explore, ScheduleError, type Outcome, type ThreadPlan } from '../explorer/explorer.js';
import type { Program } from '../explorer/virtual-thread.js';
import { freshBlock, resultOf, view, VirtualMemory, type View } from './virtual-memory.js';

/*
 * What nobody thought of: small scenarios made at random, each run under every schedule. Values are offsets from where it begins.
 */

const ECANCELED = 125;
const LONG = process.env['STRESS'] !== undefined;

type Result = 'pending' | 'ok' | number;

/** A thread that writes: one thing after the other. */
type Write =
  | { readonly does: 'advance'; readonly to: number; readonly errno: number }
  | { readonly does: 'cancel'; readonly errno: number }
  | { readonly does: 'reserve' };

/** A thread that waits for one value, blocking or not, or looks at all of them. */
type Read = { readonly does: 'block' | 'await'; readonly value: number } | { readonly does: 'look' };

interface Plot {
  readonly base: number;
  readonly reserved: number;
  readonly writers: readonly (readonly Write[])[];
  readonly readers: readonly Read[];
  /** Whether the first writer may die anywhere; then it is bound. */
  readonly mortal: boolean;
}

const MOST = 2;
const offsets = Array.from({ length: MOST }, (_, i) => i + 1);

const program =
  (run: (own: View) => unknown, Memory: typeof VirtualMemory = VirtualMemory): Program =>
  (cells) =>
    run(view(new Memory(cells)));

const writer = (base: number, writes: readonly Write[], Memory: typeof VirtualMemory): Program =>
  program(({ memory, progress }) => {
    const numbers: number[] = [];
    for (const write of writes) {
      if (write.does === 'reserve') {
        numbers.push(progress.reserve());
      } else if (write.does === 'advance') {
        if (progress.advance(base + write.to, write.errno)) progress.wake();
      } else {
        progress.cancel(write.errno);
        memory.notify();
      }
    }
    return numbers;
  }, Memory);

const reader = (base: number, read: Read): Program =>
  program((own) => {
    if (read.does === 'look') {
      return [...offsets, ...offsets].map((offset) => resultOf(own, base + offset));
    }
    const value = base + read.value;
    if (read.does === 'block') {
      block(own.memory, own.progress, value, Infinity);
      return resultOf(own, value);
    }
    const seen: Result[] = [];
    const catchUp = (): void => {
      seen.push(resultOf(own, value));
    };
    new Waiter(own.memory, own.progress, { wanted: value, catchUp }, false).arm();
    return seen;
  });

/** What `bindOwner` does. */
const heir = program(({ memory, progress }) => {
  progress.look();
  progress.advance(progress.reserved(), ECANCELED);
  memory.notify();
});

function check(plot: Plot, outcome: Outcome): void {
  const still = {
    load: (index: number) => outcome.cells[index] as number,
    peek: (index: number) => outcome.cells[index] as number,
  } as VirtualMemory;
  const own = view(still);
  const final = (offset: number): Result => resultOf(own, plot.base + offset);
  const writes = plot.writers.flat();

  for (const offset of offsets) {
    const result = final(offset);
    // No success that nobody gave, no error that nobody gave.
    const reaching = writes.flatMap((write) =>
      write.does === 'advance' && write.to >= offset ? [write.errno] : [],
    );
    if (result === 'ok') expect(reaching).toContain(0);
    if (typeof result === 'number') {
      const given = writes.some((write) => write.does !== 'reserve' && write.errno === result);
      expect(
        given || (plot.mortal && result === ECANCELED),
        `value ${String(offset)}: ${String(result)}`,
      ).toBe(true);
    }
    if (result === 'pending' && !plot.mortal) expect(reaching).toEqual([]);
  }

  plot.readers.forEach((read, i) => {
    const thread = outcome.threads[`reader ${String(i)}`];
    const result = thread !== undefined && 'result' in thread ? thread.result : undefined;
    if (read.does === 'look') {
      (result as Result[]).forEach((seen, at) => {
        if (seen !== 'pending') expect(seen).toBe(final((at % MOST) + 1));
      });
      // What it once knew stays.
      const twice = result as Result[];
      for (const at of offsets.keys()) if (twice[at] !== 'pending') expect(twice[at + MOST]).toBe(twice[at]);
      return;
    }
    const end = final(read.value);
    // Nobody sleeps for what is over, and nobody is woken for good before it is.
    if (end === 'pending') expect(thread?.state).toBe(read.does === 'block' ? 'blocked' : 'idle');
    else expect(read.does === 'block' ? result : (result as Result[]).at(-1)).toBe(end);
  });

  const numbers = plot.writers.flatMap((_, i) => {
    const thread = outcome.threads[`writer ${String(i)}`];
    return thread?.state === 'finished' ? (thread.result as number[]).filter((number) => number > 0) : [];
  });
  expect(new Set(numbers).size).toBe(numbers.length);
  for (const number of numbers) expect(number).toBeGreaterThan(plot.base + plot.reserved);
}

/** Under every schedule; `Memory` is what the writers see. */
function run(plot: Plot, Memory = VirtualMemory): void {
  const { base, reserved, mortal } = plot;
  const cells = freshBlock({}, base);
  cells[RESERVED] = (base + reserved) | 0;
  const threads: Record<string, ThreadPlan | Program> = {};
  plot.writers.forEach((writes, i) => {
    threads[`writer ${String(i)}`] = { run: writer(base, writes, Memory), mortal: mortal && i === 0 };
  });
  if (mortal) threads['heir'] = { run: heir, after: 'writer 0' };
  plot.readers.forEach((read, i) => {
    threads[`reader ${String(i)}`] = reader(base, read);
  });
  explore({
    cells,
    threads,
    preemptions: 1,
    kills: mortal ? 1 : 0,
    check: (outcome) => {
      check(plot, outcome);
    },
  });
}

const offset = fc.integer({ min: 1, max: MOST });
const errno = fc.constantFrom(1, 61);
const write = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('advance' as const),
      to: offset,
      errno: fc.oneof(fc.constant(0), errno),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('cancel' as const), errno }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('reserve' as const) }) },
);
const read = fc.oneof(
  fc.record({ does: fc.constantFrom('block' as const, 'await' as const), value: offset }),
  fc.record({ does: fc.constant('look' as const) }),
);
/** What the states grow with, each of it many times over: beyond four they fill any memory. */
const sizeOf = ({ writers, readers, mortal }: Plot): number =>
  writers.flat().length + readers.length + Number(mortal);
const plots: fc.Arbitrary<Plot> = fc
  .record({
    base: fc.constantFrom(0, LAP_LENGTH - 2, 2 * LAP_LENGTH - 1, 2 ** 31 - 2, 2 ** 32 - 2),
    reserved: fc.integer({ min: 0, max: MOST }),
    writers: fc.array(fc.array(write, { minLength: 1, maxLength: LONG ? 2 : 1 }), {
      minLength: 1,
      maxLength: 2,
    }),
    readers: fc.array(read, { minLength: 1, maxLength: LONG ? 2 : 1 }),
    mortal: fc.boolean(),
  })
  .filter((plot) => sizeOf(plot) <= 4);

test(
  'under every schedule of scenarios that nobody thought of: one result a value, nobody sleeps for what is over, numbers once',
  () => {
    fc.assert(
      fc.property(plots, (plot) => {
        run(plot);
      }),
      { numRuns: LONG ? 400 : 5 },
    );
  },
  LONG ? 3_600_000 : undefined,
);

/** Wakes nobody. */
class Silent extends VirtualMemory {
  override notify(): void {
    this.load(ERRORS);
  }
}

/** Counts an error when the value has been finished. */
class LateCount extends VirtualMemory {
  #late: [number, number] | undefined = undefined;
  override compareExchange(index: number, expected: number, replacement: number): number {
    if (index === ERRORS) {
      this.#late = [expected, replacement];
      return expected;
    }
    const seen = super.compareExchange(index, expected, replacement);
    if (index === VALUE && seen === expected && this.#late !== undefined) {
      super.compareExchange(ERRORS, ...this.#late);
      this.#late = undefined;
    }
    return seen;
  }
}

/** Lets go of a lock without its operation's error. */
class Lossy extends VirtualMemory {
  override compareExchange(index: number, expected: number, replacement: number): number {
    return index === ERRORS ? expected : super.compareExchange(index, expected, replacement);
  }
}

test.each<[string, typeof VirtualMemory, Read, number]>([
  ['a writer that wakes nobody who blocks', Silent, { does: 'block', value: 1 }, 0],
  ['a writer that wakes nobody who awaits', Silent, { does: 'await', value: 1 }, 0],
  ['an error that is counted too late', LateCount, { does: 'look' }, 1],
  ['an error that is lost', Lossy, { does: 'look' }, 1],
])('finds %s', (_what, Memory, read, errno) => {
  const plot: Plot = {
    base: 0,
    reserved: 1,
    writers: [[{ does: 'advance', to: 1, errno }]],
    readers: [read],
    mortal: false,
  };
  run(plot);
  expect(() => {
    run(plot, Memory);
  }).toThrow(ScheduleError);
});
