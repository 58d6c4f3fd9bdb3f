import { FenceError, type FenceErrorCode } from '@dma-fence/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Verdicts } from '../src/verdicts.js';

type End = [seqno: number, code: FenceErrorCode | undefined];

/** Notes each end as the submits that it ends. */
function watch(): { verdicts: Verdicts; ends: End[]; during: (() => void)[] } {
  const ends: End[] = [];
  const during: (() => void)[] = [];
  let ended = 0;
  const verdicts = new Verdicts((seqno, error) => {
    while (ended < seqno) ends.push([++ended, ended === seqno ? error?.code : undefined]);
    during.shift()?.();
  });
  return { verdicts, ends, during };
}

const error = (code: FenceErrorCode): FenceError => new FenceError(code);

describe('a submit ends when completion and verdict are both in', () => {
  test('completion first', () => {
    const { verdicts, ends } = watch();
    verdicts.expect(1);
    verdicts.done(1);
    expect(ends).toEqual([]);
    verdicts.judge(1, undefined);
    expect(ends).toEqual([[1, undefined]]);
  });

  test('verdict first', () => {
    const { verdicts, ends } = watch();
    verdicts.expect(1);
    verdicts.judge(1, error('EINVAL'));
    expect(ends).toEqual([]);
    verdicts.done(1);
    expect(ends).toEqual([[1, 'EINVAL']]);
  });

  test('without a verdict to come, completion alone', () => {
    const { verdicts, ends } = watch();
    verdicts.done(2);
    expect(ends).toEqual([
      [1, undefined],
      [2, undefined],
    ]);
  });
});

test('a bad submit alone fails', () => {
  const { verdicts, ends } = watch();
  for (const seqno of [1, 2, 3]) verdicts.expect(seqno);
  verdicts.done(3);
  verdicts.judge(3, undefined);
  verdicts.judge(2, error('EINVAL'));
  expect(ends).toEqual([]);
  verdicts.judge(1, undefined);
  expect(ends).toEqual([
    [1, undefined],
    [2, 'EINVAL'],
    [3, undefined],
  ]);
});

test.each([
  [['EINVAL', 'EIO'], 'EINVAL'],
  [['EINVAL', 'ENOMEM'], 'ENOMEM'],
  [['ENOMEM', 'EINVAL'], 'ENOMEM'],
  [[undefined, 'EIO'], 'EIO'],
] as const)('of several errors in one submit the first told wins, memory first: %j', (told, code) => {
  const { verdicts, ends } = watch();
  told.forEach(() => {
    verdicts.expect(1);
  });
  verdicts.done(1);
  for (const one of told) verdicts.judge(1, one === undefined ? undefined : error(one));
  expect(ends).toEqual([[1, code]]);
});

test('a verdict may be told before its submit is made', () => {
  const { verdicts, ends } = watch();
  verdicts.expect(1);
  verdicts.judge(1, error('ENOMEM'));
  verdicts.expect(1);
  verdicts.done(1);
  verdicts.judge(1, error('EINVAL'));
  expect(ends).toEqual([[1, 'ENOMEM']]);
});

test('told from inside the end of another one, the order stays ascending', () => {
  const { verdicts, ends, during } = watch();
  for (const seqno of [1, 2, 3]) verdicts.expect(seqno);
  during.push(() => {
    verdicts.judge(3, error('EIO'));
    verdicts.judge(2, error('EINVAL'));
  });
  verdicts.done(3);
  verdicts.judge(1, undefined);
  expect(ends).toEqual([
    [1, undefined],
    [2, 'EINVAL'],
    [3, 'EIO'],
  ]);
});

test('completion that is told late, or again, changes nothing', () => {
  const { verdicts, ends } = watch();
  verdicts.done(2);
  verdicts.done(1);
  verdicts.done(2);
  expect(ends.map(([seqno]) => seqno)).toEqual([1, 2]);
});

test('in any order of facts: each ends once, ascending, when both facts are in, with the error that the list says', () => {
  const submits = fc.array(
    fc.array(fc.constantFrom(undefined, 'EINVAL', 'ENOMEM', 'EIO'), { maxLength: 3 }),
    {
      minLength: 1,
      maxLength: 12,
    },
  );
  fc.assert(
    fc.property(submits, fc.infiniteStream(fc.nat()), (list, numbers) => {
      const choose = (below: number): number => Number(numbers.next().value) % below;
      const { verdicts, ends } = watch();
      // The plain model: for each submit the verdicts that came, and how many are to come.
      const model = list.map((told) => ({ left: told.length, came: [] as FenceErrorCode[] }));
      list.forEach((told, index) => {
        told.forEach(() => {
          verdicts.expect(index + 1);
        });
      });
      const facts = list.flatMap((told, index) => told.map((code) => ({ index, code })));
      let done = 0;
      while (facts.length > 0 || done < list.length) {
        if (facts.length === 0 || choose(3) === 0) {
          done = Math.min(list.length, done + 1 + choose(3));
          verdicts.done(done);
        } else {
          const [fact] = facts.splice(choose(facts.length), 1);
          if (fact === undefined) break;
          const entry = model[fact.index];
          if (entry === undefined) break;
          entry.left--;
          if (fact.code !== undefined) entry.came.push(fact.code);
          verdicts.judge(fact.index + 1, fact.code === undefined ? undefined : error(fact.code));
        }
        const open = model.findIndex(({ left }, index) => left > 0 || index >= done);
        const over = open < 0 ? model : model.slice(0, open);
        expect(ends).toEqual(
          over.map(({ came }, index) => [index + 1, came.includes('ENOMEM') ? 'ENOMEM' : came[0]]),
        );
      }
      expect(ends).toHaveLength(list.length);
    }),
    { numRuns: 2000 },
  );
});
