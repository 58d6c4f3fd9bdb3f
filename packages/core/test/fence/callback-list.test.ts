import { FenceCallback } from '@dma-fence/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hangingOn, ownContext } from '../support.js';

/** What is done to the callbacks of one fence: `add` one, or remove the one of that age, outside or while they run. */
type Step = 'add' | 'addFunction' | { remove: number };

const step = fc.oneof(
  fc.constant<Step>('add'),
  fc.constant<Step>('addFunction'),
  fc.record({ remove: fc.nat(300) }),
);

/** How many blocks the list on a fence has. */
function blocksOf(list: unknown): number {
  let blocks = 0;
  for (let at = (list as { first: unknown }).first; at !== undefined; at = (at as { next: unknown }).next)
    blocks++;
  return blocks;
}

describe('the callbacks of one fence', () => {
  test('run in the order they came, but for those that were removed, whatever was added and removed before and meanwhile', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 400 }),
        fc.array(fc.tuple(fc.nat(300), fc.nat(300)), { maxLength: 30 }),
        (steps, meanwhile) => {
          using fence = ownContext().createFence();
          const ran: number[] = [];
          const records = new Map<number, FenceCallback>();
          const expected: number[] = [];
          const removals = new Map(meanwhile);
          const due = (age: number): void => {
            ran.push(age);
            const victim = removals.get(age);
            const record = victim === undefined ? undefined : records.get(victim);
            if (victim === undefined || record === undefined) return;
            const waits = expected.includes(victim) && !ran.includes(victim);
            expect(fence.removeCallback(record)).toBe(waits);
            if (waits) expected.splice(expected.indexOf(victim), 1);
          };
          steps.forEach((step, age) => {
            if (typeof step === 'object') {
              const record = records.get(step.remove);
              if (record === undefined) return;
              const at = expected.indexOf(step.remove);
              expect(fence.removeCallback(record)).toBe(at >= 0);
              if (at >= 0) expected.splice(at, 1);
            } else if (step === 'add') {
              const record = new FenceCallback(() => {
                due(age);
              });
              records.set(age, record);
              fence.addCallback(record);
              expected.push(age);
            } else {
              fence.addCallback(() => {
                due(age);
              });
              expected.push(age);
            }
          });
          fence.signal();
          expect(ran).toEqual(expected);
          expect([...records.values()].filter(({ pending }) => pending)).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('leave nothing on the fence once all are removed, in whatever order', () => {
    fc.assert(
      fc.property(
        fc.nat(200).chain((count) =>
          fc.shuffledSubarray(
            Array.from({ length: count }, (_, index) => index),
            { minLength: count },
          ),
        ),
        (order) => {
          using fence = ownContext().createFence();
          const records = order.map(() => new FenceCallback(() => expect.unreachable()));
          for (const record of records) fence.addCallback(record);
          for (const index of order) expect(fence.removeCallback(records[index] as FenceCallback)).toBe(true);
          expect(hangingOn(fence)).toBeUndefined();
          fence.signal();
        },
      ),
    );
  });

  test('cost memory while they wait and no longer: who comes and goes beside others that stay leaves no holes to pile up', () => {
    using fence = ownContext().createFence();
    const stays = Array.from({ length: 3 }, () => new FenceCallback(() => undefined));
    for (const record of stays) fence.addCallback(record);
    const guest = new FenceCallback(() => expect.unreachable());
    for (let visit = 0; visit < 10_000; visit++) {
      fence.addCallback(guest);
      fence.removeCallback(guest);
    }
    expect(blocksOf(hangingOn(fence))).toBeLessThanOrEqual(2);
    const crowd = Array.from({ length: 10_000 }, () => new FenceCallback(() => expect.unreachable()));
    for (const record of crowd) fence.addCallback(record);
    for (const record of crowd) fence.removeCallback(record);
    expect(blocksOf(hangingOn(fence))).toBeLessThanOrEqual(2);
    fence.signal();
    expect(stays.map(({ pending }) => pending)).toEqual([false, false, false]);
  });
});
