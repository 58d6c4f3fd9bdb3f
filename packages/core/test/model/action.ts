import fc from 'fast-check';
import type { FenceErrorCode } from '@dma-fence/core';

/** One thing that somebody does; fences, records and waits are named by number, taken modulo how many there are. */
export type Action =
  | { do: 'create' }
  | { do: 'get' | 'put' | 'signal' | 'poll' | 'enable'; fence: number }
  | { do: 'fail'; fence: number; code: FenceErrorCode }
  | { do: 'addFunction'; fence: number; script: readonly Action[]; throws: boolean }
  | { do: 'addRecord' | 'removeRecord'; fence: number; record: number }
  | { do: 'wait'; kind: 'one' | 'all' | 'any'; fences: readonly number[]; timeoutMs: number | undefined }
  | { do: 'abort'; wait: number }
  | { do: 'pass'; ms: number };

/** What a world answers: a value, or the code that was thrown. */
export type Answer = boolean | number | string | undefined;

/** Something that actions can be done to, and that writes down what happens inside callbacks. */
export interface World {
  readonly log: string[];
  act(action: Action): Answer;
  /** Everything one can see from outside, once all that is decided has happened. */
  look(): Promise<unknown>;
}

/** How many records there are in every world, each with a script of its own. */
export const RECORDS = 4;

const place = fc.nat({ max: 11 });

const { action } = fc.letrec<{ action: Action; inner: Action }>((tie) => ({
  inner: fc.oneof(
    { maxDepth: 2 },
    fc.record({ do: fc.constantFrom('get', 'put', 'signal', 'poll', 'enable'), fence: place }),
    fc.record({ do: fc.constant('fail'), fence: place, code: fc.constantFrom('EIO', 'ETIME') }),
    fc.record({ do: fc.constantFrom('addRecord', 'removeRecord'), fence: place, record: place }),
    fc.record({
      do: fc.constant('addFunction'),
      fence: place,
      script: fc.array(tie('inner'), { maxLength: 3, depthIdentifier: 'script' }),
      throws: fc.boolean(),
    }),
    fc.constant({ do: 'create' } as const),
    fc.record({ do: fc.constant('abort'), wait: place }),
  ),
  action: fc.oneof(
    { arbitrary: tie('inner'), weight: 6 },
    {
      arbitrary: fc.record({
        do: fc.constant('wait'),
        kind: fc.constantFrom('one', 'all', 'any'),
        fences: fc.array(place, { minLength: 1, maxLength: 4 }),
        timeoutMs: fc.constantFrom(undefined, 0, 5, 10),
      }),
      weight: 2,
    },
    { arbitrary: fc.record({ do: fc.constant('pass'), ms: fc.constantFrom(1, 5, 20) }), weight: 1 },
  ),
}));

/** Any action, also those that callbacks do. */
export const anyAction: fc.Arbitrary<Action> = action;

/** The scripts of the records. */
export const anyScripts: fc.Arbitrary<Action[][]> = fc.array(
  fc.array(
    anyAction.filter((one) => one.do !== 'wait' && one.do !== 'pass'),
    { maxLength: 3 },
  ),
  { minLength: RECORDS, maxLength: RECORDS },
);
