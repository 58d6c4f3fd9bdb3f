import { DmaFenceContext, type DmaFenceContextOptions } from '@dma-fence/core';
import { describe, expect, test } from 'vitest';
import { context, forTest, ownContext, thrown, warnings } from '../support.js';

describe('DmaFenceContext', () => {
  test('ids are unique in the thread and rise by one', () => {
    const first = context();
    expect(first.id).toBeGreaterThan(0);
    expect([context().id, context().id]).toEqual([first.id + 1, first.id + 2]);
  });

  test('keeps its names and begins with nothing', () => {
    const fresh = new DmaFenceContext({ driverName: 'camera', timelineName: 'capture' });
    expect(fresh).toMatchObject({ driverName: 'camera', timelineName: 'capture', lastSeqno: 0, pending: 0 });
  });

  test('numbers its fences 1, 2, 3 and counts the pending ones', () => {
    const own = context();
    const fences = [own.createFence(), own.createFence(), own.createFence()];
    expect(fences.map((fence) => fence.seqno)).toEqual([1, 2, 3]);
    expect(own).toMatchObject({ lastSeqno: 3, pending: 3 });
    fences[1]?.signal();
    expect(own.pending).toBe(2);
    fences[0]?.fail('EIO');
    expect(own.pending).toBe(1);
    fences[0]?.signal();
    expect(own.pending).toBe(1);
  });

  test('begins after initialSeqno', () => {
    const own = context({ initialSeqno: 41 });
    expect(own.lastSeqno).toBe(41);
    expect(own.createFence().seqno).toBe(42);
  });

  test('hands data over to the fence', () => {
    const data = { job: 7 };
    expect(context().createFence(data).data).toBe(data);
    expect(context().createFence().data).toBeUndefined();
  });

  test('seqno 2^53-1 is the last one', () => {
    const own = context({ initialSeqno: Number.MAX_SAFE_INTEGER - 1 });
    expect(own.createFence().seqno).toBe(Number.MAX_SAFE_INTEGER);
    const error = thrown(() => own.createFence());
    expect(error.code).toBe('EINVAL');
    expect(error.message).toContain('seqno 2^53-1 was the last exact one; make a new context');
    expect(thrown(() => own.createFenceWith(() => 1)).code).toBe('EINVAL');
    expect(own).toMatchObject({ lastSeqno: Number.MAX_SAFE_INTEGER, pending: 1 });
  });

  test.each([
    [undefined, 'options must be an object, not undefined'],
    [null, 'not null'],
    ['gpu', 'not "gpu"'],
    [{ driverName: 'gpu' }, 'timelineName must be a string'],
    [{ timelineName: 'ring0' }, 'driverName must be a string'],
    [
      { driverName: 'a:b', timelineName: 'ring0' },
      'driverName must be a string, not empty, without \':\' (it joins names) and control characters, not "a:b"',
    ],
    [{ driverName: 'gpu', timelineName: 'a\nb' }, 'not "a\\nb"'],
    [{ driverName: 'gpu', timelineName: '' }, 'timelineName must be a string, not empty'],
    [
      { driverName: 'gpu', timelinename: 'ring0' },
      'DmaFenceContext: "timelinename" is no option; there are driverName, timelineName,',
    ],
    [
      { driverName: 'gpu', timelineName: 'ring0', timestamps: 'x' },
      'timestamps must be true or false, not "x"',
    ],
    [{ driverName: 'gpu', timelineName: 'ring0', cancelable: 1 }, 'cancelable must be true or false, not 1'],
    [{ driverName: 'gpu', timelineName: 'ring0', ops: [] }, 'ops must be an object, not an array'],
    [
      { driverName: 'gpu', timelineName: 'ring0', ops: { enableSignaling: 5 } },
      'ops.enableSignaling must be a function, not 5',
    ],
    [{ driverName: 'gpu', timelineName: 'ring0', ops: { unheard: 'x' } }, 'ops.unheard must be a function'],
    [{ driverName: 'gpu', timelineName: 'a\u007fb' }, 'timelineName must be'],
    [{ driverName: 'gpu', timelineName: 'a\u0085b' }, 'timelineName must be'],
    [{ driverName: 5, timelineName: 'ring0' }, 'not 5'],
    [{ driverName: 'gpu', timelineName: 'ring0', ops: 5 }, 'ops must be an object, not 5'],
    [{ driverName: 'gpu', timelineName: 'ring0', ops: null }, 'ops must be an object, not null'],
    [
      { driverName: 'gpu', timelineName: 'ring0', initialSeqno: -1 },
      'initialSeqno must be an integer from 0 to 2^53-1, not -1',
    ],
    [{ driverName: 'gpu', timelineName: 'ring0', initialSeqno: 0.5 }, 'not 0.5'],
    [{ driverName: 'gpu', timelineName: 'ring0', initialSeqno: Number.NaN }, 'not NaN'],
    [{ driverName: 'gpu', timelineName: 'ring0', initialSeqno: 2 ** 53 }, 'not 9007199254740992'],
    [{ driverName: 'gpu', timelineName: 'ring0', initialSeqno: '1' }, 'not "1"'],
  ])('refuses %j with EINVAL and uses up no id', (options, message) => {
    const { id } = context();
    const error = thrown(() => new DmaFenceContext(options as DmaFenceContextOptions));
    expect(error.code).toBe('EINVAL');
    expect(error.message).toContain(message);
    expect(error.message).toContain('DmaFenceContext');
    expect(context().id).toBe(id + 1);
  });

  test('names may hold anything else, but not nothing', () => {
    const own = new DmaFenceContext({ driverName: 'g', timelineName: 'ring 0/ünï' });
    const fence = forTest(own.createFence());
    expect(fence.name).toBe(`g:ring 0/ünï:${String(own.id)}:1`);
    fence.signal();
  });
});

describe('createFenceWith', () => {
  test('gives init the number of the fence', () => {
    const own = context({ initialSeqno: 6 });
    const fence = own.createFenceWith((seqno) => ({ seqno }));
    expect(fence.data).toEqual({ seqno: 7 });
    expect(fence.seqno).toBe(7);
    expect(own).toMatchObject({ lastSeqno: 7, pending: 1 });
  });

  test('when init throws there is no fence, no seqno used up, nothing pending', () => {
    const own = context();
    const error = new Error('no memory');
    const call = () =>
      own.createFenceWith(() => {
        throw error;
      });
    expect(thrown(call)).toBe(error);
    expect(own).toMatchObject({ lastSeqno: 0, pending: 0 });
    expect(own.createFence().seqno).toBe(1);
  });

  test('the number is not given back when init itself created a fence', () => {
    const own = context();
    thrown(() =>
      own.createFenceWith(() => {
        own.createFence();
        throw new Error('late');
      }),
    );
    expect(own).toMatchObject({ lastSeqno: 2, pending: 1 });
    expect(own.createFence().seqno).toBe(3);
  });

  test('refuses what is no function with EINVAL', () => {
    const own = context();
    const error = thrown(() => own.createFenceWith(5 as never));
    expect(error).toMatchObject({
      code: 'EINVAL',
      message: 'DmaFenceContext: init must be a function, not 5',
    });
    expect(own.lastSeqno).toBe(0);
  });
});

describe('timestamps', () => {
  test('without the option a fence keeps only the time it was given', () => {
    const own = context();
    const [silent, timed, failed] = [own.createFence(), own.createFence(), own.createFence()];
    silent.signal();
    timed.signal(12.5);
    failed.fail('EIO', 13.5);
    expect([silent.timestamp, timed.timestamp, failed.timestamp]).toEqual([undefined, 12.5, 13.5]);
  });

  test('with the option it keeps when it signaled, on the performance.now() clock', () => {
    const own = context({ timestamps: true });
    const before = performance.now();
    const [done, failed, given] = [own.createFence(), own.createFence(), own.createFence()];
    const dropped = ownContext({ timestamps: true }).createFence();
    expect(done.timestamp).toBeUndefined();
    done.signal();
    failed.fail('EIO');
    given.signal(1);
    warnings();
    dropped.put();
    const after = performance.now();
    for (const fence of [done, failed, dropped]) {
      expect(fence.timestamp).toBeGreaterThanOrEqual(before);
      expect(fence.timestamp).toBeLessThanOrEqual(after);
    }
    expect(given.timestamp).toBe(1);
  });

  test.each([Number.NaN, '5', null])(
    'a timestamp of %j is refused with EINVAL before anything has changed',
    (time) => {
      const fence = context().createFence();
      expect(thrown(() => fence.signal(time as number))).toMatchObject({ code: 'EINVAL' });
      expect(thrown(() => fence.fail('EIO', time as number)).message).toContain(
        'timestamp must be a number of ms on the performance.now() clock, not ',
      );
      expect(fence.status).toBe('pending');
    },
  );
});

test('initialSeqno -0 is 0', () => {
  expect(context({ initialSeqno: -0 }).lastSeqno).toBe(0);
});
