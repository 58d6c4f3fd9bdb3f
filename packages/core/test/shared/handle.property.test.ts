import { FenceError } from '@dma-fence/core';
import { SharedTimeline, type SharedTimelineHandle } from '@dma-fence/core/shared';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ERRORS, LAP, LOCKED, OPERATION, RESERVED, RING, VALUE } from '../../src/shared/block.js';
import { thrown } from '../support.js';

/** A block of its own, some way along, with an error in it. */
function block(): Int32Array {
  const own = SharedTimeline.create({ driverName: 'codec', timelineName: 'decode', errorSlots: 2 });
  own.advanceTo(own.reserve());
  own.advanceTo(own.reserve(), 'EPERM');
  own.reserve();
  const words = new Int32Array(own.handle.buffer);
  const copy = new Int32Array(new SharedArrayBuffer(words.byteLength));
  copy.set(words);
  own[Symbol.dispose]();
  return copy;
}

const handleOf = ({ buffer }: Int32Array): SharedTimelineHandle => ({
  driverName: 'codec',
  timelineName: 'decode',
  readonly: false,
  buffer: buffer as SharedArrayBuffer,
});

/** What somebody may do with a timeline; whatever it throws is a `FenceError`. */
const uses: readonly ((own: SharedTimeline) => unknown)[] = [
  (own) => own.reserve(),
  (own) => [own.value, own.reserved],
  (own) => {
    own.fenceAt(own.value + 1).put();
  },
  (own) => {
    own.fenceAt(own.value).put();
  },
  (own) => {
    own.advanceTo(own.value + 1);
  },
  (own) => {
    own.advanceTo(own.value + 1, 'EIO');
  },
  (own) => {
    own.waitSync(own.value);
  },
  (own) => {
    own.waitSync(own.value + 1, { timeoutMs: 0 });
  },
  (own) => {
    own.cancel();
  },
];

describe('what comes from outside is EINVAL, or a timeline', () => {
  test('anything at all', () => {
    fc.assert(
      fc.property(fc.anything({ withTypedArray: true, withNullPrototype: true }), (value) => {
        expect(thrown(() => SharedTimeline.attach(value as never))).toMatchObject({ code: 'EINVAL' });
      }),
    );
  });

  test('a handle with anything in one of its places', () => {
    const good = handleOf(block());
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(good)),
        fc.anything({ withTypedArray: true }),
        (key, value) => {
          try {
            SharedTimeline.attach({ ...good, [key]: value })[Symbol.dispose]();
          } catch (error) {
            expect(error).toMatchObject({ code: 'EINVAL' });
          }
        },
      ),
    );
  });

  test('a block with anything in any of its words: attached or not, nothing hangs and nothing breaks', () => {
    const word = fc.oneof(
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      fc.integer({ min: -4, max: 16 }),
    );
    const place = fc.oneof(
      fc.constantFrom(VALUE, LAP, OPERATION, ERRORS, RESERVED),
      fc.integer({ min: 0, max: RING + 11 }),
    );
    const changes = fc.array(fc.tuple(place, word), { minLength: 1, maxLength: 4 });
    const order = fc.shuffledSubarray([...uses], { minLength: uses.length });
    fc.assert(
      fc.property(changes, order, (changed, calls) => {
        const words = block();
        for (const [at, value] of changed) words[at] = value;
        let own: SharedTimeline;
        try {
          own = SharedTimeline.attach(handleOf(words));
        } catch (error) {
          expect(error).toMatchObject({ code: 'EINVAL' });
          return;
        }
        for (const use of calls) {
          try {
            use(own);
          } catch (error) {
            expect(error).toBeInstanceOf(FenceError);
          }
        }
        own[Symbol.dispose]();
      }),
      { numRuns: 500 },
    );
  });

  test.each<[string, (words: Int32Array) => void]>([
    ['is locked by nothing', (words) => (words[VALUE] = (words[VALUE] as number) | LOCKED)],
    [
      'is locked by what has long been done',
      (words) => {
        words[VALUE] = (words[VALUE] as number) | LOCKED;
        words[OPERATION] = (1 << 8) | 5;
      },
    ],
    ['is in no lap', (words) => (words[LAP] = -2)],
    ['is past 2^53', (words) => (words[LAP] = 2 ** 30)],
    ['has had fewer than no errors', (words) => (words[ERRORS] = -1)],
    ['has had more errors than are counted', (words) => (words[ERRORS] = 2 ** 31 - 1)],
  ])('a block that %s', (_what, change) => {
    const words = block();
    change(words);
    expect(thrown(() => SharedTimeline.attach(handleOf(words)))).toMatchObject({ code: 'EINVAL' });
  });

  test('an object that says of itself that it is a SharedArrayBuffer', () => {
    const words = block();
    const liar = Object.assign([...words], {
      byteLength: words.byteLength,
      [Symbol.toStringTag]: 'SharedArrayBuffer',
    });
    const handle = { ...handleOf(words), buffer: liar as never };
    expect(thrown(() => SharedTimeline.attach(handle))).toMatchObject({ code: 'EINVAL' });
  });

  test('a handle that says something else each time it is asked', () => {
    let asked = 0;
    const words = block();
    const moody = {
      ...handleOf(words),
      get buffer() {
        asked++;
        return (asked === 1 ? words.buffer : undefined) as SharedArrayBuffer;
      },
    };
    const own = SharedTimeline.attach(moody);
    expect(own.handle.buffer).toBe(words.buffer);
    own[Symbol.dispose]();
  });
});
