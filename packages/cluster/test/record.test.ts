import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FenceErrorCode } from '@dma-fence/core';
import {
  canceledWith,
  decode,
  encode,
  newRecord,
  owned,
  ownerless,
  reached,
  resultOf,
  stepsAbove,
  traced,
  TRACES,
  type Step,
  type TimelineRecord,
} from '../src/record.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Every result, value by value: what the ranges stand for. */
function results(record: TimelineRecord): (FenceErrorCode | undefined)[] {
  return Array.from({ length: record.value }, (_, i) => resultOf(record, i + 1));
}

describe('a record', () => {
  test('gives everything up to a step its result, and nothing above', () => {
    const record = reached(newRecord('i', 4), [
      { to: 2, code: undefined },
      { to: 4, code: 'EIO' },
      { to: 5, code: undefined },
    ]);
    expect(record.value).toBe(5);
    expect(results(record)).toEqual([undefined, undefined, 'EIO', 'EIO', undefined]);
  });

  test('takes a step that is behind its value as said already', () => {
    const record = reached(newRecord('i', 4), [{ to: 3, code: 'EIO' }]);
    expect(reached(record, [{ to: 2, code: undefined }])).toEqual({ ...record, writes: record.writes + 1 });
  });

  test('keeps neighbours that failed alike as one', () => {
    const steps: Step[] = [1, 2, 3].map((to) => ({ to, code: 'ENODATA' }));
    expect(reached(newRecord('i', 1), steps).errors).toEqual([[1, 3, 'ENODATA']]);
  });

  test('never gives a false success: what it has forgotten is EIO', () => {
    const steps: Step[] = [1, 2, 3, 4, 5, 6].map((to) => ({
      to,
      code: to % 2 === 0 ? 'ENODATA' : undefined,
    }));
    const record = reached(newRecord('i', 2), steps);
    expect(record.forgotten).toBe(2);
    expect(results(record)).toEqual(['EIO', 'EIO', undefined, 'ENODATA', undefined, 'ENODATA']);
    expect(stepsAbove(record, 0)).toEqual([
      { to: 2, code: 'EIO' },
      { to: 3, code: undefined },
      { to: 4, code: 'ENODATA' },
      { to: 5, code: undefined },
      { to: 6, code: 'ENODATA' },
    ]);
  });

  test('fails what a dead owner owed, and has no owner then', () => {
    const record = ownerless(reached(owned(newRecord('i', 4), 'lease'), [{ to: 2, code: undefined }]), 4);
    expect(record).toMatchObject({ owner: undefined, term: 1, value: 4 });
    expect(results(record)).toEqual([undefined, undefined, 'ECANCELED', 'ECANCELED']);
  });

  test('of a canceled timeline says why', () => {
    expect(canceledWith(owned(newRecord('i', 4), 'lease'), 'ENODEV')).toMatchObject({
      owner: undefined,
      canceled: 'ENODEV',
      value: 0,
    });
  });

  test('keeps the newest trace contexts only', () => {
    const many = Array.from({ length: TRACES + 3 }, (_, i) => [i + 1, 'x'] as const);
    const record = traced(newRecord('i', 4), many);
    expect(record.traces).toHaveLength(TRACES);
    expect(record.traces[0]?.[0]).toBe(4);
    expect(traced(record, [])).toBe(record);
  });
});

describe('what is stored', () => {
  const step = fc.record({
    by: fc.integer({ min: 0, max: 4 }),
    code: fc.option(fc.constantFrom<FenceErrorCode>('EIO', 'ENODATA', 'ECANCELED'), { nil: undefined }),
  });

  test('says of every value what a plain list says, or EIO where it has forgotten', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(step, { maxLength: 4 }), { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        fc.nat({ max: 40 }),
        (writes, slots, from) => {
          let record = newRecord('i', slots);
          const plain: (FenceErrorCode | undefined)[] = [];
          for (const write of writes) {
            let to = record.value;
            const steps = write.map(({ by, code }) => ({ to: (to += by), code }));
            for (const each of steps) while (plain.length < each.to) plain.push(each.code);
            record = reached(record, steps);
          }
          expect(record.value).toBe(plain.length);
          expect(record.errors.length).toBeLessThanOrEqual(slots);
          results(record).forEach((result, i) => {
            expect([plain[i], ...(i < record.forgotten ? ['EIO'] : [])]).toContain(result);
          });
          // The steps say the same, value by value.
          const told: (FenceErrorCode | undefined)[] = [];
          for (const { to, code } of stepsAbove(record, from))
            while (from + told.length < to) told.push(code);
          expect(told).toEqual(results(record).slice(from));
          expect(decode(encode(record))).toEqual(record);
        },
      ),
    );
  });

  test.each([
    ['no JSON', '{'],
    ['no object', '7'],
    ['null', 'null'],
    ['another version', JSON.stringify({ ...newRecord('i', 4), v: 2 })],
    ['no incarnation', JSON.stringify({ ...newRecord('', 4), v: 1 })],
    ['an owner that is no text', JSON.stringify({ ...newRecord('i', 4), v: 1, owner: 7 })],
    ['a value that is no number', JSON.stringify({ ...newRecord('i', 4), v: 1, value: '7' })],
    ['a negative value', JSON.stringify({ ...newRecord('i', 4), v: 1, value: -1 })],
    ['errors that are no list', JSON.stringify({ ...newRecord('i', 4), v: 1, errors: {} })],
    ['an error that is no range', JSON.stringify({ ...newRecord('i', 4), v: 1, value: 9, errors: [7] })],
    [
      'ranges that go back',
      JSON.stringify({
        ...newRecord('i', 4),
        v: 1,
        value: 9,
        errors: [
          [3, 4, 'EIO'],
          [2, 5, 'EIO'],
        ],
      }),
    ],
    [
      'a range above the value',
      JSON.stringify({ ...newRecord('i', 4), v: 1, value: 3, errors: [[3, 4, 'EIO']] }),
    ],
    ['traces that are no list', JSON.stringify({ ...newRecord('i', 4), v: 1, traces: 7 })],
    ['a trace without bytes', JSON.stringify({ ...newRecord('i', 4), v: 1, traces: [[1]] })],
  ])('is refused when it holds %s', (_, stored) => {
    expect(decode(bytes(stored))).toBeUndefined();
  });

  test('is refused when it is no text', () => {
    expect(decode(Uint8Array.of(0xff, 0xfe))).toBeUndefined();
  });

  test('takes a code that this version does not know for a failure', () => {
    const stored = JSON.stringify({
      ...newRecord('i', 4),
      v: 1,
      value: 1,
      errors: [[1, 1, 'ENEW']],
      canceled: 'ENEW',
    });
    expect(decode(bytes(stored))).toMatchObject({ errors: [[1, 1, 'EIO']], canceled: 'EIO' });
  });
});

/*
 * Three writers with four steps each, in every order: 34,650 schedules. A writer reads, and writes on what it read by compare-and-set.
 *
 *     first    reads, finishes 2, reads, fails up to 4       the owner to begin with
 *     second   reads, convicts, reads, convicts              believes that the owner is dead
 *     third    reads, owns if nobody does, reads, finishes 6 the next owner
 */
describe('three writers and four steps, in every order', () => {
  interface Store {
    record: TimelineRecord;
    version: number;
  }
  type Write = (record: TimelineRecord) => TimelineRecord | undefined;

  const RESERVED = 5;
  const programs: readonly (readonly Write[])[] = [
    [
      (record) => (record.owner === 'a' ? reached(record, [{ to: 2, code: undefined }]) : undefined),
      (record) => (record.owner === 'a' ? reached(record, [{ to: 4, code: 'ENODATA' }]) : undefined),
    ],
    [
      (record) => (record.owner === 'a' ? ownerless(record, RESERVED) : undefined),
      (record) => (record.owner === 'a' ? ownerless(record, RESERVED) : undefined),
    ],
    [
      (record) => (record.owner === undefined ? owned(record, 'c') : undefined),
      (record) => (record.owner === 'c' ? reached(record, [{ to: 6, code: undefined }]) : undefined),
    ],
  ];

  /** Runs one order of the writers' steps; `sloppy` writes without comparing. Returns what two states contradict each other in. */
  function run(order: readonly number[], sloppy = false): string | undefined {
    const store: Store = { record: owned(newRecord('i', 2), 'a'), version: 1 };
    const read: Store[] = programs.map(() => ({ ...store }));
    const at = programs.map(() => 0);
    let told = results(store.record);
    const acknowledged: [number, FenceErrorCode | undefined][] = [];
    for (const writer of order) {
      const step = at[writer] as number;
      at[writer] = step + 1;
      if (step % 2 === 0) {
        read[writer] = { ...store };
        continue;
      }
      const { record, version } = read[writer] as Store;
      const next = programs[writer]?.[(step - 1) / 2]?.(record);
      if (next === undefined || (!sloppy && version !== store.version)) continue;
      store.record = next;
      store.version++;
      const now = results(next);
      for (const [i, result] of told.entries()) {
        if (now[i] !== result && now[i] !== 'EIO') return `value ${String(i + 1)} changed`;
      }
      told = now;
      acknowledged.push([next.value, resultOf(next, next.value)]);
    }
    const end = results(store.record);
    for (const [value, result] of acknowledged) {
      if (value > 0 && end[value - 1] !== result && end[value - 1] !== 'EIO')
        return `value ${String(value)} was lost`;
    }
    return undefined;
  }

  function* orders(left: number[], order: number[] = []): Generator<number[]> {
    if (left.every((count) => count === 0)) yield order;
    for (const [writer, count] of left.entries()) {
      if (count === 0) continue;
      yield* orders(left.with(writer, count - 1), [...order, writer]);
    }
  }

  test('no value ever has two results, no acknowledged one is lost', () => {
    let schedules = 0;
    for (const order of orders([4, 4, 4])) {
      schedules++;
      const fault = run(order);
      if (fault !== undefined) expect(`${order.join('')}: ${fault}`).toBe('');
    }
    expect(schedules).toBe(34_650);
  });

  test('planted: a writer that does not compare is found', () => {
    const found = [...orders([4, 4, 4])].some((order) => run(order, true) !== undefined);
    expect(found).toBe(true);
  });
});
