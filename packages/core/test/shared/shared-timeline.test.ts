import {
  FENCE_ERRNO,
  FenceError,
  waitAll,
  waitAny,
  type DmaFence,
  type FenceErrorCode,
} from '@dma-fence/core';
import {
  SharedTimeline,
  type SharedTimelineHandle,
  type SharedTimelineOptions,
} from '@dma-fence/core/shared';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  CANCEL_CODE,
  encode,
  ERRORS,
  LAP_LENGTH,
  OPERATION,
  RESERVED,
  VALUE,
} from '../../src/shared/block.js';
import { isOpen, rejection, settled, thrown } from '../support.js';
import { otherThread } from './other-thread.js';

function timeline(options: Partial<SharedTimelineOptions> = {}): SharedTimeline {
  const made = SharedTimeline.create({ driverName: 'codec', timelineName: 'decode', ...options });
  onTestFinished(() => {
    made[Symbol.dispose]();
  });
  return made;
}

const words = ({ handle }: SharedTimeline): Int32Array => new Int32Array(handle.buffer);

const resultOf = (of: SharedTimeline, value: number): string => {
  using fence = of.fenceAt(value);
  return fence.error?.code ?? fence.status;
};

describe('numbers', () => {
  test('reserve gives 1, 2, 3 …, and value follows the advances', () => {
    const own = timeline();
    expect([own.value, own.reserved]).toEqual([0, 0]);
    expect([own.reserve(), own.reserve(), own.reserve()]).toEqual([1, 2, 3]);
    own.advanceTo(2);
    expect([own.value, own.reserved]).toEqual([2, 3]);
  });

  test('advancing past what was reserved counts it as reserved', () => {
    const own = timeline();
    own.advanceTo(5);
    expect([own.value, own.reserved, own.reserve()]).toEqual([5, 5, 6]);
  });

  test('initialValue is where it begins', () => {
    const own = timeline({ initialValue: 2 ** 32 - 2 });
    expect([own.value, own.reserve(), own.reserve(), own.reserve()]).toEqual([
      2 ** 32 - 2,
      2 ** 32 - 1,
      2 ** 32,
      2 ** 32 + 1,
    ]);
    expect(resultOf(own, 2 ** 32 - 2)).toBe('signaled');
    expect(resultOf(own, 2 ** 32 - 1)).toBe('pending');
  });

  test('going back from the same thread throws EINVAL, the same value again does nothing', () => {
    const own = timeline();
    own.advanceTo(3);
    own.advanceTo(3, 'EIO');
    expect(resultOf(own, 3)).toBe('signaled');
    expect(
      thrown(() => {
        own.advanceTo(2);
      }),
    ).toMatchObject({ code: 'EINVAL' });
    const other = SharedTimeline.attach(own.handle);
    expect(
      thrown(() => {
        other.advanceTo(2);
      }),
    ).toMatchObject({ code: 'EINVAL' });
    other[Symbol.dispose]();
  });

  test('values pass 2^31, 2^32 and 2^53-1 less one without a gap', () => {
    for (const start of [
      2 ** 29 - 3,
      2 ** 30 - 3,
      2 ** 31 - 3,
      2 ** 32 - 3,
      2 ** 40 - 3,
      Number.MAX_SAFE_INTEGER - 6,
    ]) {
      const own = timeline({ initialValue: start });
      const fences = Array.from({ length: 6 }, () => own.fenceAt(own.reserve()));
      for (const [i, fence] of fences.entries()) {
        expect(fence.seqno).toBe(start + 1 + i);
        own.advanceTo(fence.seqno, i % 2 === 0 ? undefined : 'EIO');
        expect(own.value).toBe(fence.seqno);
        expect(fence.poll()).toBe(true);
        expect(fence.status).toBe(i % 2 === 0 ? 'signaled' : 'failed');
        expect(resultOf(own, fence.seqno)).toBe(i % 2 === 0 ? 'signaled' : 'EIO');
        fence.put();
      }
    }
  });

  test('an advance may go as far as 2^31-1, in one call, with an error too', () => {
    const own = timeline();
    own.advanceTo(2 ** 31 - 1);
    own.advanceTo(2 ** 32 - 2);
    expect(own.value).toBe(2 ** 32 - 2);
    own.advanceTo(own.value + 2 ** 24, 'EPERM');
    expect(resultOf(own, own.value)).toBe('EPERM');
    expect(resultOf(own, own.value - 2 ** 24 + 1)).toBe('EPERM');
    expect(resultOf(own, own.value - 2 ** 24)).toBe('signaled');
  });

  test('2^31-1 above the value is the farthest for fence, advanceTo and waitSync; beyond it is EINVAL', () => {
    const own = timeline({ initialValue: 7 });
    using far = own.fenceAt(7 + 2 ** 31 - 1);
    expect(far.signaled).toBe(false);
    for (const call of [
      () => own.fenceAt(7 + 2 ** 31),
      () => {
        own.advanceTo(7 + 2 ** 31);
      },
      () => {
        own.waitSync(7 + 2 ** 31);
      },
    ]) {
      expect(thrown(call)).toMatchObject({ code: 'EINVAL' });
    }
    expect(own.value).toBe(7);
    own.advanceTo(8);
    own.fenceAt(7 + 2 ** 31).put();
  });

  test('what is no number is EINVAL, also a bigint, and is not turned into one', () => {
    const own = timeline();
    const asked: string[] = [];
    const odd: unknown[] = [1n, '1', null, [1], { valueOf: () => asked.push('value') }];
    for (const value of odd as number[]) {
      for (const call of [
        () => own.fenceAt(value),
        () => {
          own.advanceTo(value);
        },
        () => {
          own.waitSync(value);
        },
      ]) {
        expect(thrown(call)).toMatchObject({ code: 'EINVAL' });
      }
    }
    expect(asked).toEqual([]);
    expect(own.value).toBe(0);
  });

  test('how far is told from the value in shared memory, not from what this thread saw last', () => {
    const own = timeline();
    otherThread(own).progress.advance(2 ** 31 - 1, 0);
    own.fenceAt(2 ** 32 - 2).put();
    expect(thrown(() => own.fenceAt(2 ** 32 - 1))).toMatchObject({ code: 'EINVAL' });
  });

  test('what a dead thread left half done is completed by the next one, across a lap as well', () => {
    const value = LAP_LENGTH;
    const own = timeline({ initialValue: value - 1 });
    const block = words(own);
    // It had reached the first value of the next lap, not said so in LAP, and said what it was about to fail.
    block[VALUE] = encode(value);
    block[OPERATION] = ((value + 1) << 9) | 5;
    own.advanceTo(value + 2);
    expect([0, 1, 2].map((more) => resultOf(own, value + more))).toEqual(['signaled', 'EIO', 'signaled']);
    // Done: no code any more.
    expect(block[OPERATION]).toBe((value + 1) << 9);
  });

  test('with 2^31-1 in flight reserve throws EAGAIN, until something is finished', () => {
    const own = timeline({ initialValue: 100 });
    words(own)[RESERVED] = 100 + 2 ** 31 - 2;
    expect(own.reserve()).toBe(100 + 2 ** 31 - 1);
    expect(thrown(() => own.reserve())).toMatchObject({ code: 'EAGAIN' });
    own.advanceTo(101);
    expect(own.reserve()).toBe(100 + 2 ** 31);
  });

  test('the number after 2^53-1 is refused', () => {
    const own = timeline({ initialValue: Number.MAX_SAFE_INTEGER });
    expect(thrown(() => own.reserve())).toMatchObject({ code: 'EINVAL' });
  });
});

describe('fences', () => {
  test('a fence of a pending value is one object, an ordinary fence, and signals with its value', async () => {
    const own = timeline();
    using fence = own.fenceAt(2);
    using same = own.fenceAt(2);
    expect(same).toBe(fence);
    expect(fence.name).toBe(`codec:decode:${String(own.context.id)}:2`);
    const order: string[] = [];
    fence.addCallback(() => order.push('callback'));
    const wait = fence.wait().then(() => order.push('wait'));
    own.advanceTo(1);
    expect(fence.signaled).toBe(false);
    own.advanceTo(2);
    expect(order).toEqual(['callback']);
    expect(fence.status).toBe('signaled');
    await wait;
    expect(own.context.pending).toBe(0);
  });

  test('fences signal in ascending order, whichever order they were made in', () => {
    const own = timeline();
    const order: number[] = [];
    for (const value of [3, 1, 5, 2, 4]) {
      const fence = own.fenceAt(value);
      fence.addCallback(({ seqno }) => order.push(seqno));
      fence.put();
    }
    own.advanceTo(2);
    own.advanceTo(4, 'EIO');
    own.advanceTo(9);
    expect(order).toEqual([1, 2, 3, 4, 5]);
  });

  test('an advance from inside a callback extends the one that is under way', () => {
    const own = timeline();
    const seen: [number, string][] = [];
    for (const value of [1, 2, 3, 4]) {
      const fence = own.fenceAt(value);
      fence.addCallback((done) => {
        if (done.seqno === 1) own.advanceTo(4);
        seen.push([done.seqno, done.status]);
      });
      fence.put();
    }
    own.advanceTo(2, 'EIO');
    expect(seen).toEqual([
      [1, 'failed'],
      [2, 'failed'],
      [3, 'signaled'],
      [4, 'signaled'],
    ]);
  });

  test('what another thread did is caught up with in order, also when a callback goes on in the middle', () => {
    const own = timeline();
    const { progress } = otherThread(own);
    const seen: string[] = [];
    for (const value of [1, 2, 3, 4]) {
      const fence = own.fenceAt(value);
      fence.addCallback((done) => {
        if (done.seqno === 1) own.advanceTo(4);
        seen.push(`${String(done.seqno)} ${done.error?.code ?? done.status}`);
      });
      fence.put();
    }
    progress.advance(1, 1);
    progress.advance(2, 0);
    progress.advance(3, 22);
    own.fenceAt(3).put();
    expect(seen).toEqual(['1 EPERM', '2 signaled', '3 EINVAL', '4 signaled']);
  });

  test('waitAll and waitAny take fences of several timelines, local ones too', async () => {
    const [a, b] = [timeline(), timeline()];
    using first = a.fenceAt(1);
    using second = b.fenceAt(1);
    const all = waitAll([first, second]);
    const any = waitAny([first, second]);
    b.advanceTo(1);
    expect(await any).toBe(1);
    expect(await isOpen(all)).toBe(true);
    a.advanceTo(1, 'ENODATA');
    expect(await rejection(all)).toMatchObject({ code: 'ENODATA' });
  });

  test('fence.signaled reads a flag; poll and any new look bring it up to date', () => {
    const own = timeline();
    using fence = own.fenceAt(1);
    // As another thread would: the value moves, nobody here is told.
    words(own)[VALUE] = encode(1);
    expect(fence.signaled).toBe(false);
    expect(fence.poll()).toBe(true);
    using second = own.fenceAt(2);
    words(own)[VALUE] = encode(2);
    own.fenceAt(3).put();
    expect(second.signaled).toBe(true);
  });

  test('users cannot create fences on its context, and the context names the timeline in every thread', () => {
    const own = timeline();
    expect(thrown(() => own.context.createFence())).toMatchObject({ code: 'EINVAL' });
    expect(thrown(() => own.context.createFence()).message).toContain('timeline.fenceAt(value)');
    expect(own.context.uid).toMatch(/^[0-9a-f]{32}$/);
    expect(timeline().context.uid).not.toBe(own.context.uid);
  });
});

describe('errors travel', () => {
  test('an advance with an error fails every value that it newly reaches, however late one asks', async () => {
    const own = timeline();
    using early = own.fenceAt(3);
    const wait = rejection(early.wait());
    own.advanceTo(1);
    own.advanceTo(3, 'EIO');
    own.advanceTo(5);
    expect(await wait).toBeInstanceOf(FenceError);
    expect(early.error?.message).toContain('EIO');
    expect([1, 2, 3, 4, 5, 6].map((value) => resultOf(own, value))).toEqual([
      'signaled',
      'EIO',
      'EIO',
      'signaled',
      'signaled',
      'pending',
    ]);
  });

  test.each(Object.keys(FENCE_ERRNO) as FenceErrorCode[])('%s arrives as itself', (code) => {
    const own = timeline();
    own.advanceTo(1, code);
    own.advanceTo(2, new FenceError(code, 'only the code travels'));
    expect([resultOf(own, 1), resultOf(own, 2)]).toEqual([code, code]);
  });

  test('an Error becomes the code that it would become on any fence; what is no error is refused', () => {
    const own = timeline();
    own.advanceTo(1, new TypeError('odd'));
    expect(resultOf(own, 1)).toBe('EIO');
    expect(
      thrown(() => {
        own.advanceTo(2, 'ENOPE' as FenceErrorCode);
      }),
    ).toMatchObject({ code: 'EINVAL' });
    expect(own.value).toBe(1);
  });

  test('a number that this version does not know arrives as EIO', () => {
    const own = timeline();
    words(own)[CANCEL_CODE] = 200;
    own.cancel();
    expect(resultOf(own, 1)).toBe('EIO');
  });

  test('a forgotten error is EIO "no longer known", never a success; what came after it is known', () => {
    const own = timeline({ errorSlots: 2 });
    const waiting: DmaFence = own.fenceAt(1);
    for (const value of [1, 3, 5, 7]) {
      own.advanceTo(value - 1);
      own.advanceTo(value, 'EPERM');
    }
    own.advanceTo(8);
    // It was here when the error came.
    expect(waiting.error?.code).toBe('EPERM');
    waiting.put();
    expect([1, 2, 3].map((value) => resultOf(own, value))).toEqual(['EIO', 'EIO', 'EIO']);
    using forgotten = own.fenceAt(3);
    expect(forgotten.error?.message).toContain('no longer known');
    expect([4, 5, 6, 7, 8].map((value) => resultOf(own, value))).toEqual([
      'signaled',
      'EPERM',
      'signaled',
      'EPERM',
      'signaled',
    ]);
    expect(
      thrown(() => {
        own.waitSync(3);
      }),
    ).toMatchObject({ code: 'EIO' });
    expect(
      thrown(() => {
        own.waitSync(5);
      }),
    ).toMatchObject({ code: 'EPERM' });
  });

  test('the ring may go round as often as it likes', () => {
    const own = timeline({ errorSlots: 3 });
    for (let value = 1; value <= 100; value++) own.advanceTo(value, value % 2 === 0 ? 'EPERM' : 'ENODATA');
    expect([97, 98, 99, 100, 101].map((value) => resultOf(own, value))).toEqual([
      'EIO',
      'EPERM',
      'ENODATA',
      'EPERM',
      'pending',
    ]);
  });

  test('the count of errors begins again before it could wrap, and the ring never looks empty', () => {
    const own = timeline({ errorSlots: 3 });
    words(own)[ERRORS] = Math.floor((2 ** 31 - 1) / 5) * 5 - 1;
    for (let value = 1; value <= 7; value++) {
      own.advanceTo(value, 'EPERM');
      expect(resultOf(own, value)).toBe('EPERM');
    }
    expect(words(own)[ERRORS]).toBe(5 + 6);
    expect([3, 4, 5, 6, 7].map((value) => resultOf(own, value))).toEqual([
      'EIO',
      'EIO',
      'EPERM',
      'EPERM',
      'EPERM',
    ]);
  });

  test('fences that were pending while the ring overflowed unseen get what is still known', () => {
    const own = timeline({ errorSlots: 1 });
    const reader = SharedTimeline.attach(own.handle);
    const fences = [1, 2, 3, 4].map((value) => reader.fenceAt(value));
    own.advanceTo(4, 'EPERM');
    expect(fences.map(({ error }) => error?.code)).toEqual(['EPERM', 'EPERM', 'EPERM', 'EPERM']);
    for (const fence of fences) fence.put();
    reader[Symbol.dispose]();
  });
});

describe('what an error says', () => {
  const errorAt = (of: SharedTimeline, value: number): FenceError => {
    using fence = of.fenceAt(value);
    return fence.error as FenceError;
  };

  test('is the cause of the error in every thread, with its name, message and code', () => {
    const own = timeline();
    const sharp = Object.assign(new TypeError('Expected positive integer for width'), { code: 'ERR_WIDTH' });
    own.advanceTo(1, sharp);
    const error = errorAt(own, 1);
    expect(error).toMatchObject({
      code: 'EIO',
      cause: { name: 'TypeError', message: 'Expected positive integer for width', code: 'ERR_WIDTH' },
    });
    expect(error.message).toMatch(/: the work up to 1 failed with EIO: Expected positive integer for width$/);
    expect(
      thrown(() => {
        own.waitSync(1);
      }).cause,
    ).toEqual(error.cause);
  });

  test('has nothing of this thread in its stack', () => {
    const own = timeline();
    own.advanceTo(1, new RangeError('too wide'));
    expect((errorAt(own, 1).cause as Error).stack).toBe('RangeError: too wide');
  });

  test('a code alone is said in words, and has no cause', () => {
    const own = timeline();
    own.advanceTo(1, 'ENODATA');
    expect(errorAt(own, 1).cause).toBeUndefined();
    expect(errorAt(own, 1).message).toMatch(/failed with ENODATA: no data$/);
  });

  test('handed on to another timeline it is the same again, not wrapped once more', () => {
    const decoded = timeline();
    const filtered = timeline();
    decoded.advanceTo(1, new FenceError('ENODATA', 'frame 1 is broken', { cause: new Error('bad marker') }));
    filtered.advanceTo(1, errorAt(decoded, 1));
    const { code, cause } = errorAt(filtered, 1);
    expect(code).toBe('ENODATA');
    expect(cause).toBeInstanceOf(FenceError);
    expect(cause).toMatchObject({
      code: 'ENODATA',
      message: 'frame 1 is broken',
      cause: { name: 'Error', message: 'bad marker' },
    });
    const coded = timeline();
    coded.advanceTo(1, 'EPERM');
    filtered.advanceTo(2, errorAt(coded, 1));
    expect(errorAt(filtered, 2).code).toBe('EPERM');
    expect(errorAt(filtered, 2).cause).toBeUndefined();
  });

  test('of a stretch, of a cancel and of a dead owner it is that of each of their values', () => {
    const own = timeline();
    own.advanceTo(3, new Error('no light'));
    expect([1, 2, 3].map((value) => (errorAt(own, value).cause as Error).message)).toEqual(
      Array(3).fill('no light'),
    );
    own.reserve();
    own.bindOwner(
      { threadId: -1, once: () => undefined, off: () => undefined },
      new FenceError('EOWNERDEAD', 'the decoder is gone'),
    );
    expect(errorAt(own, 4)).toMatchObject({ code: 'EOWNERDEAD', cause: { message: 'the decoder is gone' } });
    own.cancel(new FenceError('ENODEV', 'the camera was unplugged'));
    own.cancel(new Error('too late'));
    expect(errorAt(own, 5)).toMatchObject({ code: 'ENODEV', cause: { message: 'the camera was unplugged' } });
  });

  test('goes round with the ring, and is never that of another error', () => {
    const own = timeline({ errorSlots: 3 });
    for (let value = 1; value <= 100; value++) {
      own.advanceTo(value, value % 5 === 0 ? 'EPERM' : new Error(`frame ${String(value)}`));
      for (const seen of [value, value - 1, value - 2].filter((one) => one > 0)) {
        const { cause } = errorAt(own, seen);
        expect(cause).toEqual(
          seen % 5 === 0 ? undefined : expect.objectContaining({ message: `frame ${String(seen)}` }),
        );
      }
    }
  });

  test('is not kept where no room was asked for', () => {
    const own = timeline({ errorTextBytes: 0 });
    own.advanceTo(1, new Error('lost'));
    expect([errorAt(own, 1).code, errorAt(own, 1).cause]).toEqual(['EIO', undefined]);
    own.cancel(new Error('lost as well'));
    expect([errorAt(own, 2).code, errorAt(own, 2).cause]).toEqual(['EIO', undefined]);
    expect(own.handle.buffer.byteLength).toBeLessThan(4096);
  });

  test('is left out where the block holds something else in its place', () => {
    const own = timeline({ errorSlots: 1 });
    own.advanceTo(1, new Error('once'));
    const block = words(own);
    const before = [...block];
    const at = before.indexOf(0x6f727245); // "Erro"
    block[at] = 0x6f727246;
    expect([errorAt(own, 1).code, errorAt(own, 1).cause]).toEqual(['EIO', undefined]);
    block[at - 2] = 2 ** 30;
    expect([errorAt(own, 1).code, errorAt(own, 1).cause]).toEqual(['EIO', undefined]);
    block.set(before);
    expect(errorAt(own, 1)).toMatchObject({ code: 'EIO', cause: { message: 'once' } });
  });
});

describe('values that an advance passes over', () => {
  test('are finished with it, as long as nobody says otherwise', () => {
    const own = timeline();
    own.advanceTo(3);
    expect([1, 2, 3].map((value) => resultOf(own, value))).toEqual(Array(3).fill('signaled'));
  });

  test("fail with ECANCELED, which says why, where the timeline is told so: skipped: 'fail'", () => {
    const own = timeline({ skipped: 'fail' });
    const reader = SharedTimeline.attach(own.handle);
    own.advanceTo(1);
    using waiting = reader.fenceAt(2);
    waiting.addCallback(() => undefined);
    // In whatever thread it is advanced.
    reader.advanceTo(4);
    expect(waiting.error).toMatchObject({ code: 'ECANCELED', cause: { code: 'ECANCELED' } });
    expect(waiting.error?.message).toMatch(/it was passed over: the timeline was advanced to 4$/);
    expect([1, 2, 3, 4].map((value) => resultOf(own, value))).toEqual([
      'signaled',
      'ECANCELED',
      'ECANCELED',
      'signaled',
    ]);
    reader[Symbol.dispose]();
  });

  test('fail however many they are', () => {
    const own = timeline({ skipped: 'fail', initialValue: 2 ** 32 - 9 });
    const far = 2 ** 32 + 2 ** 23;
    own.advanceTo(far);
    expect([2 ** 32 - 9, 2 ** 32 - 8, far - 1, far].map((value) => resultOf(own, value))).toEqual([
      'signaled',
      'ECANCELED',
      'ECANCELED',
      'signaled',
    ]);
  });

  test('fail with the error where it is given, as everything that is newly reached', () => {
    const own = timeline({ skipped: 'fail' });
    own.advanceTo(2, new FenceError('EPERM', 'no'));
    expect([1, 2].map((value) => resultOf(own, value))).toEqual(['EPERM', 'EPERM']);
  });

  test('one after the other, none is passed over', () => {
    const own = timeline({ skipped: 'fail' });
    for (const value of [1, 2, 3]) own.advanceTo(value);
    expect([1, 2, 3].map((value) => resultOf(own, value))).toEqual(Array(3).fill('signaled'));
  });
});

describe('waitSync', () => {
  test('returns at once for what is finished, throws at once what it failed with', () => {
    const own = timeline();
    own.advanceTo(1);
    own.advanceTo(2, 'EIO');
    own.waitSync(0);
    own.waitSync(1, { timeoutMs: 0 });
    expect(
      thrown(() => {
        own.waitSync(2);
      }),
    ).toMatchObject({ code: 'EIO' });
  });

  test.each([-1, Number.NaN, '5', null])('a timeout of %s is EINVAL', (timeoutMs) => {
    const own = timeline();
    expect(
      thrown(() => {
        own.waitSync(1, { timeoutMs: timeoutMs as number });
      }),
    ).toMatchObject({ code: 'EINVAL' });
    expect(
      thrown(() => {
        own.waitSync(1, 7 as never);
      }),
    ).toMatchObject({ code: 'EINVAL' });
    // It would block for ever.
    expect(
      thrown(() => {
        own.waitSync(1, { timeout: 7 } as never);
      }).message,
    ).toContain('"timeout" is no option; there are timeoutMs');
  });

  test('fences of this thread have signaled when it returns, and what it throws is taken before their callbacks run', () => {
    const own = timeline({ errorSlots: 1 });
    using fence = own.fenceAt(1);
    fence.addCallback(() => {
      own.advanceTo(2, 'EPERM');
      own.advanceTo(3, 'EPERM');
    });
    words(own)[VALUE] = encode(1);
    own.waitSync(1);
    expect(fence.signaled).toBe(true);
    expect(resultOf(own, 3)).toBe('EPERM');
  });

  test('after a cancel it throws the reason', () => {
    const own = timeline();
    own.cancel('ENODEV');
    expect(
      thrown(() => {
        own.waitSync(3);
      }),
    ).toMatchObject({ code: 'ENODEV' });
  });
});

describe('cancel', () => {
  test('every pending fence fails, value is the last reserved, reserve throws, late advances do nothing', async () => {
    const own = timeline();
    for (let i = 0; i < 4; i++) own.reserve();
    own.advanceTo(1);
    using two = own.fenceAt(2);
    using nine = own.fenceAt(9);
    const waits = [rejection(two.wait()), rejection(nine.wait())];
    own.cancel('ENODEV');
    own.cancel('EIO');
    expect((await Promise.all(waits)).map(({ code }) => code)).toEqual(['ENODEV', 'ENODEV']);
    expect([own.value, own.reserved]).toEqual([4, 4]);
    expect(thrown(() => own.reserve())).toMatchObject({ code: 'ECANCELED' });
    own.advanceTo(6);
    own.advanceTo(0);
    expect(own.value).toBe(4);
    expect([0, 1, 2, 4, 6, 100].map((value) => resultOf(own, value))).toEqual([
      'signaled',
      'signaled',
      'ENODEV',
      'ENODEV',
      'ENODEV',
      'ENODEV',
    ]);
  });

  test('disposing cancels where it was created; the object stays a canceled timeline', () => {
    const own = SharedTimeline.create({ driverName: 'codec', timelineName: 'decode' });
    const other = SharedTimeline.attach(own.handle);
    using fence = other.fenceAt(1);
    own[Symbol.dispose]();
    own[Symbol.dispose]();
    expect(fence.error?.code).toBe('ECANCELED');
    expect(resultOf(own, 1)).toBe('ECANCELED');
    expect(thrown(() => own.reserve())).toMatchObject({ code: 'ECANCELED' });
    other[Symbol.dispose]();
  });
});

describe('handles', () => {
  test('two attaches in one thread share context and pending fences; the last one to go takes what is pending', async () => {
    const own = timeline();
    const a = SharedTimeline.attach(own.handle);
    const b = SharedTimeline.attach({ ...own.handle });
    expect(a.context).toBe(own.context);
    using one = b.fenceAt(1);
    using same = a.fenceAt(1);
    expect(one).toBe(same);
    a[Symbol.dispose]();
    a[Symbol.dispose]();
    expect(thrown(() => a.fenceAt(1))).toMatchObject({ code: 'EINVAL' });
    expect(
      thrown(() => {
        a.advanceTo(1);
      }),
    ).toMatchObject({ code: 'EINVAL' });
    expect(
      thrown(() => {
        a.waitSync(1);
      }),
    ).toMatchObject({ code: 'EINVAL' });
    expect(one.signaled).toBe(false);
    own.advanceTo(1);
    expect(resultOf(b, 1)).toBe('signaled');
    b[Symbol.dispose]();
    await settled();
  });

  test('a read-only end looks and waits; what writes throws EPERM', async () => {
    const own = timeline();
    const reader = SharedTimeline.attach(own.readonlyHandle);
    onTestFinished(() => {
      reader[Symbol.dispose]();
    });
    expect(own.handle.readonly).toBe(false);
    expect(reader.handle).toMatchObject({ readonly: true });
    expect(reader.readonlyHandle.readonly).toBe(true);
    const worker = {
      terminate: () => undefined,
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
    };
    for (const call of [
      () => {
        reader.advanceTo(1);
      },
      () => reader.reserve(),
      () => {
        reader.cancel();
      },
      () => reader.bindOwner(worker),
    ]) {
      expect(thrown(call)).toMatchObject({ code: 'EPERM' });
    }
    using fence = reader.fenceAt(1);
    const wait = fence.wait();
    own.advanceTo(1);
    await wait;
    reader.waitSync(1);
    expect(reader.value).toBe(1);
  });

  test('a handle is plain data, and is not changed by its users', () => {
    const own = timeline();
    expect(Object.isFrozen(own.handle)).toBe(true);
    const copy = structuredClone(own.handle);
    expect(copy).toMatchObject({ driverName: 'codec', timelineName: 'decode', readonly: false });
  });

  const garbage = (change: (words: Int32Array) => void): SharedTimelineHandle => {
    const { handle } = timeline();
    change(new Int32Array(handle.buffer));
    return handle;
  };

  test.each<[string, () => unknown]>([
    ['nothing', () => undefined],
    ['null', () => null],
    ['a number', () => 5],
    ['no buffer', () => ({ driverName: 'a', timelineName: 'b', readonly: false })],
    ['an ArrayBuffer', () => ({ ...timeline().handle, buffer: new ArrayBuffer(4096) })],
    ['an empty buffer', () => ({ ...timeline().handle, buffer: new SharedArrayBuffer(0) })],
    ['a buffer of zeros', () => ({ ...timeline().handle, buffer: new SharedArrayBuffer(4096) })],
    ['an odd size', () => ({ ...timeline().handle, buffer: new SharedArrayBuffer(1001) })],
    ['wrong magic', () => garbage((block) => (block[0] = 7))],
    ['an older layout', () => garbage((block) => (block[1] = Number(block[1]) - 1))],
    ['a newer layout', () => garbage((block) => (block[1] = Number(block[1]) + 1))],
    [
      'a block without the room for tracers',
      () => {
        const { handle } = timeline();
        const words = new Int32Array(handle.buffer).slice(0, 48 + 66 * 3);
        const buffer = new SharedArrayBuffer(words.byteLength);
        new Int32Array(buffer).set(words);
        return { ...handle, buffer };
      },
    ],
    ['more slots than there is room', () => garbage((block) => (block[2] = 65))],
    ['more text than there is room', () => garbage((block) => (block[3] = 248))],
    ['less text than no bytes', () => garbage((block) => (block[3] = -4))],
    ['no slots', () => garbage((block) => (block[2] = 0))],
    ['a name with a colon', () => ({ ...timeline().handle, driverName: 'a:b' })],
    ['a name that is no string', () => ({ ...timeline().handle, timelineName: 5 })],
    ['no word on writing', () => ({ ...timeline().handle, readonly: undefined })],
  ])('attach refuses %s with EINVAL', (_what, handle) => {
    expect(thrown(() => SharedTimeline.attach(handle() as SharedTimelineHandle))).toMatchObject({
      code: 'EINVAL',
    });
  });

  test('a timeline has one name in a thread: the one it was made or first attached with', () => {
    const own = timeline();
    const again = SharedTimeline.attach({ ...own.handle, timelineName: 'other' });
    expect(again.context).toBe(own.context);
    expect(again.handle).toEqual(own.handle);
    again[Symbol.dispose]();
  });

  test.each([
    undefined,
    null,
    {},
    { driverName: 'a:b', timelineName: 'c' },
    { driverName: 'a', timelineName: 'b', errorSlots: 0 },
    { driverName: 'a', timelineName: 'b', errorSlots: 1.5 },
    { driverName: 'a', timelineName: 'b', errorSlots: 2 ** 17 },
    { driverName: 'a', timelineName: 'b', errorTextBytes: -1 },
    { driverName: 'a', timelineName: 'b', errorTextBytes: 4097 },
    { driverName: 'a', timelineName: 'b', errorTextBytes: '9' },
    { driverName: 'a', timelineName: 'b', skipped: 'ignore' },
    { driverName: 'a', timelineName: 'b', skipped: null },
    { driverName: 'a', timelineName: 'b', errorSlot: 5 },
    { driverName: 'a', timelineName: 'b', initialValue: -1 },
    { driverName: 'a', timelineName: 'b', initialValue: 0.5 },
  ])('create refuses %o with EINVAL', (options) => {
    expect(thrown(() => SharedTimeline.create(options as SharedTimelineOptions))).toMatchObject({
      code: 'EINVAL',
    });
  });

  test.each([-1, 0.5, Number.NaN, Infinity, '1', undefined])(
    'fence, advanceTo and waitSync refuse %o with EINVAL',
    (value) => {
      const own = timeline();
      for (const call of [
        () => own.fenceAt(value as number),
        () => {
          own.advanceTo(value as number);
        },
        () => {
          own.waitSync(value as number);
        },
      ]) {
        expect(thrown(call)).toMatchObject({ code: 'EINVAL' });
      }
    },
  );
});

test('new SharedTimeline() from JavaScript names the two ways to make one', () => {
  const Constructor = SharedTimeline as unknown as new () => SharedTimeline;
  const error = thrown(() => new Constructor());
  expect([error.code, error.message]).toEqual([
    'EINVAL',
    expect.stringContaining('SharedTimeline.create(options)'),
  ]);
});
