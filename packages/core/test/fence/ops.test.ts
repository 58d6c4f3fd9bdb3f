import { fenceArray, FenceCallback, waitAny, type DriverFence, type FenceOps } from '@dma-fence/core';
import { describe, expect, test } from 'vitest';
import {
  callbackErrors,
  context,
  ownContext,
  rejection,
  settled,
  thrown,
  timeline,
  warnings,
} from '../support.js';

describe('enableSignaling', () => {
  const exporter = (answer: boolean | (() => boolean) = true) => {
    const asked: number[] = [];
    const ops: FenceOps = {
      enableSignaling(fence) {
        asked.push(fence.seqno);
        return typeof answer === 'function' ? answer() : answer;
      },
    };
    return { asked, fence: context({ ops }).createFence() };
  };

  test('the exporter is asked at the first callback, once', () => {
    const { asked, fence } = exporter();
    expect(asked).toEqual([]);
    expect(fence.addCallback(() => undefined)).toBe(true);
    expect(fence.addCallback(() => undefined)).toBe(true);
    fence.enableSignaling();
    expect(asked).toEqual([1]);
  });

  test('or at the first wait, or when told to', async () => {
    const waited = exporter();
    const wait = waited.fence.wait();
    await settled();
    expect(waited.asked).toEqual([1]);
    waited.fence.signal();
    await wait;
    const told = exporter();
    told.fence.enableSignaling();
    expect(told.asked).toEqual([1]);
  });

  test('asking and polling do not enable', () => {
    const { asked, fence } = exporter();
    expect([fence.signaled, fence.status, fence.poll()]).toEqual([false, 'pending', false]);
    expect(asked).toEqual([]);
  });

  test('false means already done: core signals there, and addCallback answers false', () => {
    const { fence } = exporter(false);
    let calls = 0;
    expect(fence.addCallback(() => void calls++)).toBe(false);
    expect(fence.status).toBe('signaled');
    expect(calls).toBe(0);
  });

  test('an exporter that signals or fails from there makes addCallback answer false', () => {
    for (const answer of [true, false]) {
      const fence: DriverFence = context({
        ops: {
          enableSignaling(asked) {
            asked.fail('ENODATA');
            return answer;
          },
        },
      }).createFence();
      expect(fence.addCallback(() => undefined)).toBe(false);
      expect(fence.error?.code).toBe('ENODATA');
    }
  });

  test('late: a signaled fence asks nobody', () => {
    const { asked, fence } = exporter();
    fence.signal();
    fence.enableSignaling();
    fence.addCallback(() => undefined);
    expect(asked).toEqual([]);
  });

  test('one that throws is reported and counts as true', () => {
    const errors = callbackErrors();
    const { fence } = exporter(() => {
      throw new Error('no interrupt');
    });
    expect(fence.addCallback(() => undefined)).toBe(true);
    expect(errors).toEqual([{ error: new Error('no interrupt'), fence }]);
    expect(fence.status).toBe('pending');
  });

  test('one that puts the last reference leaves a failed fence', () => {
    warnings();
    const fence = ownContext({
      ops: {
        enableSignaling(asked) {
          asked.put();
          return false;
        },
      },
    }).createFence();
    fence.enableSignaling();
    expect(fence.error?.code).toBe('EDEADLK');
  });

  test('ops are called as methods of their object', () => {
    const seen: unknown[] = [];
    const ops = {
      enableSignaling() {
        seen.push(this);
        return true;
      },
      isSignaled() {
        seen.push(this);
        return true;
      },
      setDeadline() {
        seen.push(this);
      },
      release() {
        seen.push(this);
      },
    };
    const fence = ownContext({ ops }).createFence();
    fence.enableSignaling();
    fence.setDeadline(1);
    fence.poll();
    fence.put();
    expect(seen).toEqual([ops, ops, ops, ops]);
  });
});

describe('poll', () => {
  test('signals when the exporter says that it is done, callbacks included', () => {
    let done = false;
    const fence = context({ ops: { isSignaled: () => done } }).createFence();
    const seen: string[] = [];
    fence.addCallback(() => void seen.push('callback'));
    expect(fence.poll()).toBe(false);
    expect(fence.signaled).toBe(false);
    done = true;
    expect(fence.signaled).toBe(false);
    expect(fence.poll()).toBe(true);
    expect(seen).toEqual(['callback']);
    expect(fence.status).toBe('signaled');
  });

  test('without an exporter it reads the flag', () => {
    const fence = context().createFence();
    expect(fence.poll()).toBe(false);
    fence.signal();
    expect(fence.poll()).toBe(true);
  });

  test('late: a signaled fence is not asked about', () => {
    let asked = 0;
    const fence = context({ ops: { isSignaled: () => asked++ > 5 } }).createFence();
    fence.signal();
    expect(fence.poll()).toBe(true);
    expect(asked).toBe(0);
  });

  test('an exporter that fails the fence from there has said its result', () => {
    const fence: DriverFence = context({ ops: { isSignaled: (asked) => asked.fail('EIO') } }).createFence();
    expect(fence.poll()).toBe(true);
    expect(fence.error?.code).toBe('EIO');
  });

  test('an exporter that puts the last reference from there is no trouble', () => {
    warnings();
    const fence: DriverFence = ownContext({
      ops: {
        isSignaled(asked) {
          asked.put();
          return true;
        },
      },
    }).createFence();
    expect(fence.poll()).toBe(true);
    expect(fence.error?.code).toBe('EDEADLK');
  });

  test('one that throws is reported and counts as false', () => {
    const errors = callbackErrors();
    const fence = context({
      ops: {
        isSignaled() {
          throw new Error('register unreadable');
        },
      },
    }).createFence();
    expect(fence.poll()).toBe(false);
    expect(errors).toEqual([{ error: new Error('register unreadable'), fence }]);
  });
});

describe('setDeadline', () => {
  test('reaches the exporter of a pending fence, as often as it is set', () => {
    const deadlines: unknown[] = [];
    const fence = context({
      ops: { setDeadline: (asked, deadline) => void deadlines.push([asked.seqno, deadline]) },
    }).createFence();
    fence.setDeadline(20);
    fence.setDeadline(10);
    expect(deadlines).toEqual([
      [1, 20],
      [1, 10],
    ]);
    fence.signal();
    fence.setDeadline(5);
    expect(deadlines).toHaveLength(2);
  });

  test('reads the flag only: it does not poll', () => {
    let asked = 0;
    const fence = context({
      ops: { isSignaled: () => asked++ > 5, setDeadline: () => undefined },
    }).createFence();
    fence.setDeadline(1);
    expect(asked).toBe(0);
  });

  test('is harmless without an exporter, and with one that throws', () => {
    const errors = callbackErrors();
    context().createFence().setDeadline(1);
    const fence = context({
      ops: {
        setDeadline() {
          throw new Error('no clock');
        },
      },
    }).createFence();
    fence.setDeadline(Infinity);
    expect(errors).toEqual([{ error: new Error('no clock'), fence }]);
  });

  test.each([Number.NaN, '5', undefined])('refuses %j with EINVAL', (deadline) => {
    const fence = context().createFence();
    expect(
      thrown(() => {
        fence.setDeadline(deadline as number);
      }).message,
    ).toContain('deadline must be a number of ms on the performance.now() clock, not ');
    fence.signal();
    expect(
      thrown(() => {
        fence.setDeadline(deadline as number);
      }).code,
    ).toBe('EINVAL');
  });
});

test('a record that could not be added to a fence that was already done is still the callers', () => {
  const fence = context({ ops: { enableSignaling: () => false } }).createFence();
  const record = new FenceCallback(() => undefined);
  expect(fence.addCallback(record)).toBe(false);
  expect(record.pending).toBe(false);
  expect(context().createFence().addCallback(record)).toBe(true);
});

test('a record that the exporter itself adds while it is asked hangs there once: the second add is refused', () => {
  let runs = 0;
  const record = new FenceCallback(() => void runs++);
  const fence = context({
    ops: { enableSignaling: (asked) => asked.addCallback(record) },
  }).createFence();
  expect(thrown(() => fence.addCallback(record)).message).toContain('this FenceCallback hangs on');
  expect(record.pending).toBe(true);
  fence.signal();
  expect(runs).toBe(1);
  expect(record.pending).toBe(false);
});

describe('unheard', () => {
  const deaf = () => {
    const told: string[] = [];
    const own = context({
      ops: { unheard: ({ name, error }) => void told.push(`${name} ${error?.code ?? ''}`) },
    });
    return { told, own };
  };

  test('an error that nobody waits for is told once, inside fail()', () => {
    const { told, own } = deaf();
    const fence = own.createFence();
    fence.fail('EIO');
    fence.fail('EINVAL');
    expect(told).toEqual([`${fence.name} EIO`]);
  });

  test('a callback, a record or a wait hears it, and so does a container', async () => {
    const { told, own } = deaf();
    const called = own.createFence();
    called.addCallback(() => undefined);
    called.fail('EIO');
    const kept = own.createFence();
    kept.addCallback(new FenceCallback(() => undefined));
    kept.fail('EIO');
    const awaited = own.createFence();
    const wait = rejection(awaited.wait());
    await settled();
    awaited.fail('EIO');
    await wait;
    const inside = own.createFence();
    using both = fenceArray([inside]);
    both.addCallback(() => undefined);
    inside.fail('EIO');
    expect(told).toEqual([]);
  });

  test('a callback that was removed hears nothing', () => {
    const { told, own } = deaf();
    const fence = own.createFence();
    const record = new FenceCallback(() => undefined);
    fence.addCallback(record);
    fence.removeCallback(record);
    fence.fail('EIO');
    expect(told).toHaveLength(1);
  });

  test('a success is no error', () => {
    const { told, own } = deaf();
    own.createFence().signal();
    expect(told).toEqual([]);
  });

  test('a timeline tells it of what it fails, but not of a fence that was over before anybody had it', () => {
    const told: number[] = [];
    const ring = timeline({ ops: { unheard: ({ seqno }) => void told.push(seqno) }, resultOf: () => 'EIO' });
    ring.createFence();
    ring.advanceTo(1, 'EIO');
    expect(ring.fenceAt(1).error?.code).toBe('EIO');
    ring.cancel();
    expect(ring.fenceAt(9).error?.code).toBe('ECANCELED');
    expect(told).toEqual([1]);
  });

  test('one that throws is reported, and fail() goes on', () => {
    const heard = callbackErrors();
    const fence = context({
      ops: {
        unheard() {
          throw new Error('deaf and loud');
        },
      },
    }).createFence();
    expect(fence.fail('EIO')).toBe(true);
    expect(heard).toHaveLength(1);
  });
});

describe('awaited', () => {
  const popular = () => {
    const told: [number, number][] = [];
    return {
      told,
      own: context({ ops: { awaited: ({ seqno }, waiters) => void told.push([seqno, waiters]) } }),
    };
  };

  test('is told of the first wait and of the last one, a fence each; callbacks do not count', async () => {
    const { told, own } = popular();
    const [one, two] = [own.createFence(), own.createFence()];
    one.addCallback(() => undefined);
    const gone = new AbortController();
    const waits = [one.wait(), one.wait({ signal: gone.signal }).catch(() => undefined), two.wait()];
    await settled();
    expect(told).toEqual([
      [1, 1],
      [2, 1],
    ]);
    gone.abort();
    expect(told).toHaveLength(2);
    one.signal();
    two.signal();
    expect(told.slice(2)).toEqual([
      [1, 0],
      [2, 0],
    ]);
    await Promise.all(waits);
  });

  test('a wait above a container counts for what is inside', async () => {
    const { told, own } = popular();
    const inside = own.createFence();
    using all = fenceArray([inside]);
    const wait = all.wait();
    await settled();
    expect(told).toEqual([[1, 1]]);
    inside.signal();
    await wait;
    expect(told).toEqual([
      [1, 1],
      [1, 0],
    ]);
  });

  test('waitAny leaves the losers', async () => {
    const { told, own } = popular();
    const [winner, loser] = [own.createFence(), own.createFence()];
    const wait = waitAny([winner, loser]);
    winner.signal();
    await wait;
    expect(told).toContainEqual([2, 0]);
  });
});
