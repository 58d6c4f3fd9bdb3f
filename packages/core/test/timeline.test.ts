import {
  addFenceTracer,
  FenceError,
  FenceTimeline,
  type DmaFence,
  type DriverFence,
  type FenceTimelineOptions,
} from '@dma-fence/core';
import { describe, expect, test } from 'vitest';
import { forTest, long, rejection, thrown, timeline, ownTimeline, warnings } from './support.js';

const states = (fences: DmaFence[]) => fences.map((fence) => fence.status);

describe('FenceTimeline', () => {
  test('begins at 0, or at initialValue', () => {
    expect(timeline().value).toBe(0);
    const late = timeline({ initialValue: 41 });
    expect([late.value, late.context.lastSeqno, late.createFence().seqno]).toEqual([41, 41, 42]);
  });

  test('creates the fence of the next value, with data, and keeps a reference of its own', () => {
    const ring = timeline();
    const [first, second] = [ring.createFence(), ring.createFence({ job: 2 })];
    expect([first.seqno, second.seqno, second.data, first.data]).toEqual([1, 2, { job: 2 }, undefined]);
    expect(first.refCount).toBe(2);
    expect(ring.context.pending).toBe(2);
  });

  test('signals what it reaches, ascending, and lets go of it', () => {
    const ring = timeline();
    const fences = [ring.createFence(), ring.createFence(), ring.createFence()];
    const order: number[] = [];
    for (const fence of fences) fence.addCallback(({ seqno }) => order.push(seqno));
    ring.advanceTo(2);
    expect(order).toEqual([1, 2]);
    expect(ring.value).toBe(2);
    expect(states(fences)).toEqual(['signaled', 'signaled', 'pending']);
    expect(fences.map((fence) => fence.refCount)).toEqual([1, 1, 2]);
    ring.advanceTo(2);
    ring.advanceTo(3);
    expect(order).toEqual([1, 2, 3]);
    expect(ring.context.pending).toBe(0);
  });

  test('a consumer that put its reference changes nothing: nobody is warned', () => {
    const heard = warnings();
    const ring = ownTimeline();
    const fence = ring.createFence();
    fence.put();
    ring.advanceTo(1);
    expect([fence.status, fence.refCount]).toEqual(['signaled', 0]);
    expect(heard).toEqual([]);
  });

  test('an error fails everything newly reached', () => {
    const ring = timeline();
    const fences = [ring.createFence(), ring.createFence(), ring.createFence()];
    ring.advanceTo(1);
    ring.advanceTo(3, 'ENODATA');
    expect(states(fences)).toEqual(['signaled', 'failed', 'failed']);
    expect(fences[1]?.error?.code).toBe('ENODATA');
    expect(fences[2]?.error).toBe(fences[1]?.error);
    expect(fences[1]?.error?.message).toBe(
      `timeline gpu:ring0:${String(ring.context.id)}: the work up to 3 failed with ENODATA: no data`,
    );
  });

  test('advancing raises lastSeqno to at least the value', () => {
    const ring = timeline();
    ring.advanceTo(10);
    expect(ring.context.lastSeqno).toBe(10);
    expect(ring.createFence().seqno).toBe(11);
  });

  test('lastSeqno never goes back, whatever value is asked for or reached', () => {
    const ring = timeline();
    for (const value of [10, 4]) ring.fenceAt(value);
    expect(ring.context.lastSeqno).toBe(10);
    ring.advanceTo(6);
    expect([ring.value, ring.context.lastSeqno]).toEqual([6, 10]);
  });

  test('going back throws EINVAL and changes nothing', () => {
    const ring = timeline();
    ring.advanceTo(5);
    expect(
      thrown(() => {
        ring.advanceTo(4);
      }),
    ).toMatchObject({
      code: 'EINVAL',
      message: `timeline gpu:ring0:${String(ring.context.id)}: cannot go back from 5 to 4; values only rise`,
    });
    expect(ring.value).toBe(5);
  });

  test.each([-1, 0.5, Number.NaN, 2 ** 53, '1', undefined])('refuses the value %j with EINVAL', (value) => {
    const ring = timeline();
    for (const call of [() => ring.fenceAt(value as number), () => void ring.advanceTo(value as number)]) {
      const error = thrown(call);
      expect(error.code).toBe('EINVAL');
      expect(error.message).toMatch(
        /(fenceAt|advanceTo)\(\) takes must be an integer from 0 to 2\^53-1, not /,
      );
    }
  });

  test.each([-1, 1.5, '1', null])('refuses initialValue %j with EINVAL', (initialValue) => {
    expect(thrown(() => timeline({ initialValue: initialValue as number })).message).toContain(
      'FenceTimeline: initialValue must be an integer from 0 to 2^53-1, not ',
    );
  });

  test('an unknown error is refused before anything has changed', () => {
    const ring = timeline();
    const fence = ring.createFence();
    expect(
      thrown(() => {
        ring.advanceTo(1, 'EWHAT' as 'EIO');
      }).code,
    ).toBe('EINVAL');
    const refused = thrown(() => {
      ring.cancel('EWHAT' as 'EIO');
    });
    expect(refused.code).toBe('EINVAL');
    expect(refused.message).toContain(`timeline gpu:ring0:${String(ring.context.id)}: everything after 0`);
    expect([ring.value, fence.status]).toEqual([0, 'pending']);
  });

  test('value 2^53-1 is the last one', () => {
    const ring = timeline({ initialValue: Number.MAX_SAFE_INTEGER });
    expect(thrown(() => ring.createFence()).message).toContain(
      'value 2^53-1 was the last exact one; make a new timeline',
    );
  });

  test('its context makes no fences and names the call that does', () => {
    const ring = timeline();
    for (const call of [() => ring.context.createFence(), () => ring.context.createFenceWith(() => 1)]) {
      expect(thrown(call)).toMatchObject({
        code: 'EINVAL',
        message: `timeline gpu:ring0:${String(ring.context.id)}: its fences are made by timeline.createFence(), not by its context`,
      });
    }
  });
});

describe('fenceAt', () => {
  test('gives the same fence for the same pending value, a reference each', () => {
    const ring = timeline();
    const created = ring.createFence();
    expect(ring.fenceAt(1)).toBe(created);
    expect(created.refCount).toBe(3);
    const ahead = ring.fenceAt(5);
    expect(ring.fenceAt(5)).toBe(ahead);
    expect(ring.context.lastSeqno).toBe(5);
    expect(ring.createFence().seqno).toBe(6);
  });

  test('a passed value is signaled, whatever it once was', () => {
    const ring = timeline();
    ring.advanceTo(2, 'EIO');
    for (const value of [0, 1, 2])
      expect([ring.fenceAt(value).seqno, ring.fenceAt(value).status]).toEqual([value, 'signaled']);
    expect(ring.context.pending).toBe(0);
    expect(ring.fenceAt(2).refCount).toBe(1);
  });

  test('asked for in any order, they signal ascending', () => {
    const ring = timeline();
    const order: number[] = [];
    for (const value of [7, 3, 9, 1, 5, 8, 2, 6, 4])
      ring.fenceAt(value).addCallback(({ seqno }) => order.push(seqno));
    ring.advanceTo(4);
    ring.fenceAt(6).addCallback(() => order.push(60));
    ring.fenceAt(5).addCallback(() => order.push(50));
    ring.advanceTo(9);
    expect(order).toEqual([1, 2, 3, 4, 5, 50, 6, 60, 7, 8, 9]);
  });
});

describe('callbacks of a timeline', () => {
  test('see the new value, and a passed one as signaled', () => {
    const ring = timeline();
    const seen: unknown[] = [];
    const [first, second] = [ring.createFence(), ring.createFence()];
    first.addCallback(() =>
      seen.push(ring.value, second.status, ring.fenceAt(2).status, ring.createFence().status),
    );
    ring.advanceTo(2);
    expect(seen).toEqual([2, 'pending', 'signaled', 'pending']);
  });

  test('re-entrant: an advance from inside extends the outer one, order stays ascending', () => {
    const ring = timeline();
    const fences = [ring.createFence(), ring.createFence(), ring.createFence(), ring.createFence()];
    const order: string[] = [];
    for (const fence of fences)
      fence.addCallback(({ seqno, status }) => order.push(`${String(seqno)} ${status}`));
    fences[0]?.addCallback(() => {
      ring.advanceTo(4, 'EIO');
      order.push(`value ${String(ring.value)}`);
    });
    ring.advanceTo(2);
    expect(order).toEqual(['1 signaled', 'value 4', '2 signaled', '3 failed', '4 failed']);
  });

  test('re-entrant: a cancel from inside leaves the reached ones their success', () => {
    const ring = timeline();
    const fences = [ring.createFence(), ring.createFence(), ring.createFence()];
    fences[0]?.addCallback(() => {
      ring.cancel();
    });
    ring.advanceTo(2);
    expect(states(fences)).toEqual(['signaled', 'signaled', 'failed']);
  });

  test('may put, add and create; what they create waits for its own turn', () => {
    const ring = ownTimeline();
    const order: number[] = [];
    const first = ring.createFence();
    first.addCallback(() => {
      first.put();
      forTest(ring.createFence()).addCallback(({ seqno }) => order.push(seqno));
    });
    ring.advanceTo(1);
    expect([first.refCount, order, ring.context.pending]).toEqual([0, [], 1]);
    ring.advanceTo(2);
    expect(order).toEqual([2]);
  });
});

describe('the exporter of a timeline', () => {
  test('is asked as for any context, and may say "already done" out of turn', () => {
    const ring = timeline({ ops: { enableSignaling: ({ seqno }) => seqno !== 2 } });
    const fences = [ring.createFence(), ring.createFence()];
    for (const fence of fences) fence.enableSignaling();
    expect(states(fences)).toEqual(['pending', 'signaled']);
    ring.advanceTo(2, 'EIO');
    expect(states(fences)).toEqual(['failed', 'signaled']);
    expect(fences.map((fence) => fence.refCount)).toEqual([1, 1]);
  });

  test('gets deadlines', () => {
    const deadlines: unknown[] = [];
    const ring = timeline({
      ops: { setDeadline: (fence: DriverFence, deadline) => void deadlines.push([fence.seqno, deadline]) },
    });
    ring.createFence().setDeadline(16);
    expect(deadlines).toEqual([[1, 16]]);
  });
});

describe('cancel', () => {
  test('every pending fence fails with ECANCELED, ascending', () => {
    const ring = timeline();
    const order: number[] = [];
    const fences = [ring.createFence(), ring.fenceAt(5), ring.fenceAt(3)];
    for (const fence of fences) fence.addCallback(({ seqno }) => order.push(seqno));
    ring.cancel();
    expect(order).toEqual([1, 3, 5]);
    for (const fence of fences) expect(fence.error?.code).toBe('ECANCELED');
    expect(fences.map((fence) => fence.refCount)).toEqual([1, 1, 1]);
    expect(ring.context.pending).toBe(0);
  });

  test('the first reason stays, also for values asked for later', async () => {
    const ring = timeline();
    ring.advanceTo(2);
    const error = new FenceError('ENODEV', 'unplugged');
    ring.cancel(error);
    ring.cancel('EIO');
    const late = ring.fenceAt(3);
    expect(late.error).toBe(error);
    expect(await rejection(late.wait())).toBe(error);
    expect(ring.fenceAt(2).status).toBe('signaled');
    expect(ring.context.pending).toBe(0);
  });

  test('afterwards createFence throws ECANCELED and advanceTo does nothing', () => {
    const ring = timeline();
    ring.cancel('EIO');
    const error = thrown(() => ring.createFence());
    expect(error).toMatchObject({ code: 'ECANCELED', cause: { code: 'EIO' } });
    expect(error.message).toContain('createFence() after cancel(); make a new timeline');
    ring.advanceTo(7);
    expect([ring.value, ring.context.lastSeqno]).toEqual([0, 0]);
    expect(
      thrown(() => {
        ring.advanceTo(-1);
      }).code,
    ).toBe('EINVAL');
  });

  test('disposing cancels', () => {
    let fence: DmaFence;
    {
      using ring = timeline();
      fence = ring.createFence();
    }
    expect(fence.error?.code).toBe('ECANCELED');
  });
});

long('a long life: memory of what is done is given back, order kept', () => {
  const ring = ownTimeline();
  let last = 0;
  for (let value = 1; value <= 10_000; value++) {
    const fence = ring.createFence();
    fence.addCallback(({ seqno }) => {
      expect(seqno).toBe(last + 1);
      last = seqno;
    });
    fence.put();
    if (value % 7 === 0) ring.advanceTo(value - 3);
  }
  ring.advanceTo(10_000);
  expect(last).toBe(10_000);
  expect(ring.context.pending).toBe(0);
});

test.each([undefined, null, 5])('options must be an object, not %j', (options) => {
  expect(thrown(() => new FenceTimeline(options as unknown as FenceTimelineOptions))).toMatchObject({
    code: 'EINVAL',
    message: expect.stringContaining('FenceTimeline: options must be an object') as string,
  });
});

describe('a consumer that puts more than it has', () => {
  test('fails its own fence, and stops none of those behind it', () => {
    const heard = warnings();
    using ring = ownTimeline();
    const gone = ring.createFence();
    using next = ring.createFence();
    gone.put();
    gone.put();
    expect(heard).toHaveLength(1);
    expect(gone.error?.code).toBe('EDEADLK');
    ring.advanceTo(1);
    ring.advanceTo(2);
    expect(next.status).toBe('signaled');
  });

  test('from a callback too', () => {
    using ring = ownTimeline();
    const gone = ring.createFence();
    using next = ring.createFence();
    gone.addCallback((fence) => {
      fence.put();
      fence.put();
    });
    ring.advanceTo(2);
    expect(next.status).toBe('signaled');
    expect(gone.refCount).toBe(0);
  });

  test('leaves a value that can still be asked for', () => {
    warnings();
    using ring = ownTimeline();
    const gone = ring.createFence();
    gone.put();
    gone.put();
    using again = ring.fenceAt(1);
    expect(again).not.toBe(gone);
    expect(again.status).toBe('pending');
    ring.advanceTo(1);
    expect(again.status).toBe('signaled');
  });
});

describe('resultOf', () => {
  test('says what became of a value that was passed', () => {
    const reason = new FenceError('ENODATA', 'frame 2 was empty');
    const ring = timeline({
      resultOf: (value) => (value === 2 ? reason : value === 3 ? 'EIO' : undefined),
    });
    ring.advanceTo(3);
    expect([ring.fenceAt(1).status, ring.fenceAt(2).error, ring.fenceAt(3).error?.code]).toEqual([
      'signaled',
      reason,
      'EIO',
    ]);
  });

  test('is not asked for what is pending or still here', () => {
    const asked: number[] = [];
    const ring = timeline({ resultOf: (value) => void asked.push(value) });
    const pending = ring.fenceAt(5);
    expect([ring.fenceAt(5) === pending, asked]).toEqual([true, []]);
  });

  test('one that throws, or knows no code, makes no success of it', () => {
    const ring = timeline({
      resultOf: (value) => {
        if (value === 1) throw new Error('lost');
        return 'ENOPE' as never;
      },
    });
    ring.advanceTo(2);
    expect(ring.fenceAt(1).error).toMatchObject({
      code: 'EIO',
      message: expect.stringContaining('lost') as string,
    });
    expect(ring.fenceAt(2).error?.code).toBe('EINVAL');
  });
});

describe('emitted', () => {
  const traced = () => {
    const told: number[] = [];
    forTest(addFenceTracer({ emit: ({ seqno }) => void told.push(seqno) }));
    return told;
  };

  test('tells tracers of every pending fence up to the value, ascending, once', () => {
    const told = traced();
    const ring = timeline();
    for (let n = 0; n < 5; n++) ring.createFence();
    ring.advanceTo(1);
    ring.emitted(3);
    ring.emitted(2);
    ring.emitted(3);
    expect(told).toEqual([2, 3]);
    ring.emitted(100);
    expect(told).toEqual([2, 3, 4, 5]);
    expect(ring.value).toBe(1);
  });

  test('a tracer that advances meanwhile is told of no fence that is over', () => {
    const ring = timeline();
    const told: number[] = [];
    forTest(
      addFenceTracer({
        emit({ seqno }) {
          told.push(seqno);
          ring.advanceTo(2);
        },
      }),
    );
    for (let n = 0; n < 3; n++) ring.createFence();
    ring.emitted(3);
    expect(told).toEqual([1, 3]);
  });

  test('without a tracer it changes nothing, and refuses what is no value', () => {
    const ring = timeline();
    const fence = ring.createFence();
    ring.emitted(1);
    expect([fence.status, ring.context.lastSeqno]).toEqual(['pending', 1]);
    expect(thrown(() => ring.emitted(-1)).message).toContain('emitted()');
  });
});

describe('a timeline whose truth is elsewhere', () => {
  test('gives its context a uid and a carrier', () => {
    const carrier = { offer: () => true, read: () => undefined };
    const ring = timeline({ uid: 'cluster/7', carrier });
    expect([ring.context.uid, ring.context.carrier]).toEqual(['cluster/7', carrier]);
    expect([timeline().context.uid, timeline().context.carrier]).toEqual([undefined, undefined]);
  });

  test.each([
    [{ uid: '' }, 'uid must be a string, not empty'],
    [{ uid: 7 }, 'uid must be a string'],
    [{ carrier: {} }, 'carrier.offer must be a function'],
    [{ carrier: null }, 'carrier must be an object'],
    [{ resultOf: 5 }, 'resultOf must be a function, not 5'],
    [{ cancelable: true }, '"cancelable" is no option; there are driverName'],
    [{ initialvalue: 5 }, '"initialvalue" is no option'],
  ])('refuses %j', (options, text) => {
    const error = thrown(
      () => new FenceTimeline({ driverName: 'gpu', timelineName: 'ring0', ...(options as object) }),
    );
    expect([error.code, error.message]).toEqual(['EINVAL', expect.stringContaining(text)]);
  });
});
