import {
  FenceCallback,
  signaledFence,
  waitAll,
  waitAny,
  type DmaFence,
  type FenceError,
  type WaitOptions,
} from '@dma-fence/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { context, ownContext, isOpen, rejection, settled, warnings } from '../support.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** Counts an abort signal's listeners. */
function countedSignal() {
  const controller = new AbortController();
  const { signal } = controller;
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners++;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners--;
    remove(...args);
  };
  return { controller, signal, listeners: () => listeners };
}

describe('wait', () => {
  test('resolves when the fence signals', async () => {
    const fence = context().createFence();
    const wait = fence.wait();
    expect(await isOpen(wait)).toBe(true);
    fence.signal();
    await expect(wait).resolves.toBeUndefined();
  });

  test('rejects with the very error of a fence that fails', async () => {
    const fence = context().createFence();
    const wait = rejection(fence.wait());
    fence.fail('EIO');
    expect(await wait).toBe(fence.error);
  });

  test('late: settles at once on a signaled fence, never with timeout or abort', async () => {
    const [done, failed] = [context().createFence(), context().createFence()];
    done.signal();
    failed.fail('EIO');
    const options = { timeoutMs: 0, signal: AbortSignal.abort(new Error('gone')) };
    await done.wait(options);
    expect(await rejection(failed.wait(options))).toBe(failed.error);
  });

  test('takes no reference', async () => {
    const fence = context().createFence();
    const wait = fence.wait();
    expect(fence.refCount).toBe(1);
    fence.signal();
    await wait;
  });

  test('a fence dropped under a waiter fails it with EDEADLK, nobody hangs', async () => {
    warnings();
    const fence = ownContext().createFence();
    const wait = rejection(fence.wait({ timeoutMs: 100 }));
    await settled();
    fence.put();
    expect((await wait).code).toBe('EDEADLK');
  });

  test('rejects with ETIME after timeoutMs, saying how long it waited', async () => {
    const fence = context().createFence();
    const wait = rejection(fence.wait({ timeoutMs: 50 }));
    await vi.advanceTimersByTimeAsync(49);
    expect(await isOpen(wait)).toBe(true);
    await vi.advanceTimersByTimeAsync(1);
    expect(await wait).toMatchObject({
      code: 'ETIME',
      message: `fence ${fence.name}: wait(): not signaled within 50 ms; see what its producer waits for`,
    });
    expect(fence.status).toBe('pending');
    fence.signal();
  });

  test('signaled in time, the timer is gone', async () => {
    const fence = context().createFence();
    const wait = fence.wait({ timeoutMs: 50 });
    await settled();
    expect(vi.getTimerCount()).toBe(1);
    fence.signal();
    expect(vi.getTimerCount()).toBe(0);
    await wait;
  });

  test('rejects with signal.reason on abort, and leaves neither listener nor callback nor timer', async () => {
    const fence = context().createFence();
    const { controller, signal, listeners } = countedSignal();
    const reason = new Error('user left');
    const wait = rejection(fence.wait({ signal, timeoutMs: 50 }));
    await settled();
    expect(listeners()).toBe(1);
    controller.abort(reason);
    expect(await wait).toBe(reason);
    expect(listeners()).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('signaled first, the abort listener is gone', async () => {
    const fence = context().createFence();
    const { signal, listeners } = countedSignal();
    const wait = fence.wait({ signal });
    await settled();
    fence.signal();
    await wait;
    expect(listeners()).toBe(0);
  });

  test('already aborted, it rejects without asking the exporter', async () => {
    let asked = 0;
    const fence = context({ ops: { enableSignaling: () => asked++ > 5 } }).createFence();
    const reason = { any: 'value' };
    expect(await rejection(fence.wait({ signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(asked).toBe(0);
  });

  test('aborted by the exporter that is asked to signal, it rejects all the same', async () => {
    const stop = new AbortController();
    const fence = context({
      ops: {
        enableSignaling() {
          stop.abort('stop');
          return true;
        },
      },
    }).createFence();
    expect(await rejection(fence.wait({ signal: stop.signal, timeoutMs: 50 }))).toBe('stop');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('timeoutMs 0 enables and polls; no other wait polls', async () => {
    const asked: string[] = [];
    let done = false;
    const own = context({
      ops: {
        enableSignaling: () => {
          asked.push('enable');
          return true;
        },
        isSignaled: () => {
          asked.push('poll');
          return done;
        },
      },
    });
    const fence = own.createFence();
    expect(await rejection(fence.wait({ timeoutMs: 0 }))).toMatchObject({
      code: 'ETIME',
      message: `fence ${fence.name}: wait(): not signaled now; to wait, give it more than 0 ms`,
    });
    done = true;
    await fence.wait({ timeoutMs: 0 });
    expect(asked).toEqual(['enable', 'poll', 'poll']);
    asked.length = 0;
    const other = own.createFence();
    const wait = other.wait({ timeoutMs: 10 });
    await settled();
    expect(asked).toEqual(['enable']);
    other.signal();
    await wait;
  });

  test('Infinity is no timeout, and 2^31 ms and more work', async () => {
    const fence = context().createFence();
    const endless = fence.wait({ timeoutMs: Infinity });
    await settled();
    expect(vi.getTimerCount()).toBe(0);
    const long = rejection(fence.wait({ timeoutMs: 2 ** 31 + 1000 }));
    const longer = fence.wait({ timeoutMs: 2 ** 33 });
    await vi.advanceTimersByTimeAsync(2 ** 31 + 999);
    expect(await isOpen(long)).toBe(true);
    await vi.advanceTimersByTimeAsync(1);
    expect((await long).code).toBe('ETIME');
    fence.signal();
    await endless;
    await longer;
  });

  test.each<[unknown, string]>([
    [{ timeoutMs: -1 }, 'timeoutMs must be a number from 0, not -1'],
    [{ timeoutMs: Number.NaN }, 'not NaN'],
    [{ timeoutMs: '5' }, 'not "5"'],
    [{ timeoutMs: null }, 'not null'],
    [{ signal: {} }, 'signal must be an AbortSignal, not an object'],
    [{ signal: null }, 'signal must be an AbortSignal, not null'],
    [5, 'options must be an object, not 5'],
    [null, 'not null'],
  ])('rejects %j with EINVAL, also on a signaled fence', async (options, message) => {
    const fence = context().createFence();
    const error = await rejection(fence.wait(options as WaitOptions));
    expect(error.code).toBe('EINVAL');
    expect(error.message).toContain(`fence ${fence.name}: wait(): `);
    expect(error.message).toContain(message);
    fence.signal();
    expect((await rejection(fence.wait(options as WaitOptions))).code).toBe('EINVAL');
    expect((await rejection(waitAll([fence], options as WaitOptions))).message).toContain('waitAll(): ');
    expect((await rejection(waitAny([fence], options as WaitOptions))).message).toContain('waitAny(): ');
  });

  test('rejects, not throws, after the last put', async () => {
    const fence = ownContext().createFence();
    fence.signal();
    fence.put();
    expect((await rejection(fence.wait())).message).toContain(
      'wait() was used after its last reference was put',
    );
    expect((await rejection(waitAll([fence]))).message).toContain('waitAll() was used after');
    expect((await rejection(waitAny([fence]))).message).toContain('waitAny() was used after');
  });

  test('many waits on one fence each end in their own way', async () => {
    const fence = context().createFence();
    const { controller, signal } = countedSignal();
    const [plain, timed, aborted] = [
      fence.wait(),
      rejection(fence.wait({ timeoutMs: 5 })),
      rejection(fence.wait({ signal })),
    ];
    await vi.advanceTimersByTimeAsync(5);
    controller.abort('enough');
    expect((await timed).code).toBe('ETIME');
    expect(await aborted).toBe('enough');
    expect(await isOpen(plain)).toBe(true);
    fence.signal();
    await plain;
  });
});

describe('a wait that is decided but not told yet', () => {
  test('never reports an abort that comes from a callback before it on the same fence', async () => {
    const own = context();
    const [done, failed, other] = [own.createFence(), own.createFence(), own.createFence()];
    const stop = new AbortController();
    const abort = (): void => {
      stop.abort('stop');
    };
    for (const fence of [done, failed]) fence.addCallback(abort);
    const { signal } = stop;
    const waits = [done.wait({ signal }), waitAny([other, done], { signal }), waitAll([done], { signal })];
    done.signal();
    await expect(Promise.all(waits)).resolves.toEqual([undefined, 1, undefined]);
    const late = new AbortController();
    failed.addCallback(() => {
      late.abort('stop');
    });
    const failing = rejection(waitAll([other, failed], { signal: late.signal }));
    failed.fail('EIO');
    expect(await failing).toBe(failed.error);
    other.signal();
  });

  test('rejects with the failure that came first, though a later one tells it first', async () => {
    const own = context();
    const [first, second] = [own.createFence(), own.createFence()];
    first.addCallback(() => second.fail('ETIME'));
    const all = rejection(waitAll([second, first]));
    first.fail('EIO');
    expect(await all).toBe(first.error);
  });

  test('a fence that its exporter drops while it is enabled fails the wait, polled or not', async () => {
    warnings();
    const own = ownContext({
      ops: {
        enableSignaling(fence) {
          fence.put();
          return true;
        },
      },
    });
    expect((await rejection(own.createFence().wait())).code).toBe('EDEADLK');
    expect((await rejection(own.createFence().wait({ timeoutMs: 0 }))).code).toBe('EDEADLK');
  });
});

describe('waitAll', () => {
  test('resolves when the last one has signaled', async () => {
    const own = context();
    const fences = [own.createFence(), own.createFence(), own.createFence()];
    fences[1]?.signal();
    const all = waitAll(fences);
    fences[0]?.signal();
    expect(await isOpen(all)).toBe(true);
    fences[2]?.signal();
    await expect(all).resolves.toBeUndefined();
  });

  test('no fences and all signaled resolve at once', async () => {
    await waitAll([]);
    const fence = context().createFence();
    fence.signal();
    await waitAll(new Set([fence]));
  });

  test('the same fence twice is no trouble', async () => {
    const fence = context().createFence();
    const all = waitAll([fence, fence]);
    await settled();
    fence.signal();
    await all;
    const failing = context().createFence();
    const failed = rejection(waitAll([failing, failing, failing]));
    await settled();
    failing.fail('EIO');
    expect(await failed).toBe(failing.error);
  });

  test('rejects at once with the first failure in order of signalling and lets go of the rest', async () => {
    const own = context();
    const [a, b, c] = [own.createFence(), own.createFence(), own.createFence()];
    const all = rejection(waitAll([a, b, c], { timeoutMs: 10 }));
    await settled();
    b.fail('EIO');
    expect(await all).toBe(b.error);
    expect(vi.getTimerCount()).toBe(0);
    a.fail('ETIME');
    expect(await rejection(waitAll([a, b, c]))).toBe(b.error);
    c.signal();
    expect(await rejection(waitAll([a, c, b]))).toBe(b.error);
  });

  test('times out and aborts as one', async () => {
    const own = context();
    const fences = [own.createFence(), own.createFence()];
    const timed = rejection(waitAll(fences, { timeoutMs: 5 }));
    const aborting = new AbortController();
    const aborted = rejection(waitAll(fences, { signal: aborting.signal }));
    await vi.advanceTimersByTimeAsync(5);
    expect((await timed).message).toBe(
      'waitAll(): not signaled within 5 ms; see what its producer waits for',
    );
    aborting.abort('stop');
    expect(await aborted).toBe('stop');
  });

  test('timeoutMs 0 polls every one', async () => {
    const done = new Set<number>();
    const own = context({ ops: { isSignaled: ({ seqno }) => done.has(seqno) } });
    const fences = [own.createFence(), own.createFence()];
    done.add(1);
    expect((await rejection(waitAll(fences, { timeoutMs: 0 }))).code).toBe('ETIME');
    expect(fences.map((fence) => fence.signaled)).toEqual([true, false]);
    done.add(2);
    await waitAll(fences, { timeoutMs: 0 });
  });

  test('an exporter that says "already done" or fails while being enabled decides', async () => {
    const done = context({ ops: { enableSignaling: () => false } });
    await waitAll([done.createFence(), done.createFence()]);
    const failing = context({ ops: { enableSignaling: (fence) => !fence.fail('ENODATA') } });
    const other = context().createFence();
    expect((await rejection(waitAll([other, failing.createFence()]))).code).toBe('ENODATA');
    expect(other.status).toBe('pending');
  });

  test.each([
    [[undefined], 'element 0 must be a fence, not undefined'],
    [5, 'fences must be iterable, not 5'],
    [undefined, 'not undefined'],
    [{}, 'not an object'],
  ])('rejects %j with EINVAL', async (fences, message) => {
    expect(await rejection(waitAll(fences as Iterable<DmaFence>))).toMatchObject({
      code: 'EINVAL',
      message: expect.stringContaining(message) as string,
    });
  });
});

describe('waitAny', () => {
  test('resolves with the index of the first to signal, decided synchronously', async () => {
    const own = context();
    const fences = [own.createFence(), own.createFence(), own.createFence()];
    const any = waitAny(fences);
    await settled();
    fences[2]?.signal();
    fences[0]?.signal();
    await expect(any).resolves.toBe(2);
  });

  test('a failure counts as signaled', async () => {
    const own = context();
    const fences = [own.createFence(), own.createFence()];
    const any = waitAny(fences);
    await settled();
    fences[1]?.fail('EIO');
    await expect(any).resolves.toBe(1);
  });

  test('the lowest one if several have', async () => {
    const own = context();
    const fences = [own.createFence(), own.createFence(), own.createFence()];
    fences[2]?.signal();
    fences[1]?.fail('EIO');
    await expect(waitAny(fences)).resolves.toBe(1);
    const [a, b] = [own.createFence(), own.createFence()];
    b.addCallback(() => a.signal());
    const any = waitAny([a, b]);
    await settled();
    b.signal();
    await expect(any).resolves.toBe(0);
  });

  test('leaves nothing on the losers', async () => {
    const own = context();
    const [winner, alone, crowded] = [own.createFence(), own.createFence(), own.createFence()];
    const order: string[] = [];
    crowded.addCallback(new FenceCallback(() => void order.push('before')));
    for (let round = 0; round < 100; round++) {
      const fence = own.createFence();
      const any = waitAny([alone, crowded, fence, alone]);
      await settled();
      fence.signal();
      await expect(any).resolves.toBe(2);
    }
    crowded.addCallback(() => void order.push('after'));
    winner.signal();
    alone.signal();
    crowded.signal();
    expect(order).toEqual(['before', 'after']);
  });

  test('asks no exporter when one has signaled, and none after one said "already done"', async () => {
    const asked: number[] = [];
    const own = context({
      ops: {
        enableSignaling(fence) {
          asked.push(fence.seqno);
          return fence.seqno !== 2;
        },
      },
    });
    const fences = [own.createFence(), own.createFence(), own.createFence()];
    const stub = signaledFence();
    await expect(waitAny([...fences, stub])).resolves.toBe(3);
    expect(asked).toEqual([]);
    await expect(waitAny(fences)).resolves.toBe(1);
    expect(asked).toEqual([1, 2]);
    stub.put();
  });

  test('times out, aborts and polls', async () => {
    let done = false;
    const own = context({ ops: { isSignaled: ({ seqno }) => done && seqno === 2 } });
    const fences = [own.createFence(), own.createFence()];
    const timed = rejection(waitAny(fences, { timeoutMs: 5 }));
    const aborting = new AbortController();
    const aborted = rejection(waitAny(fences, { signal: aborting.signal }));
    await vi.advanceTimersByTimeAsync(5);
    expect((await timed).code).toBe('ETIME');
    aborting.abort('stop');
    expect(await aborted).toBe('stop');
    expect((await rejection(waitAny(fences, { timeoutMs: 0 }))).code).toBe('ETIME');
    done = true;
    await expect(waitAny(fences, { timeoutMs: 0 })).resolves.toBe(1);
  });

  test('no fences: EINVAL, since none can signal', async () => {
    const error: FenceError = await rejection(waitAny([]));
    expect(error).toMatchObject({
      code: 'EINVAL',
      message: 'waitAny(): no fences, so none can signal; give at least one',
    });
  });
});
