import { fenceArray, fenceChain, mergeFences } from '@dma-fence/core';
import { SharedTimeline } from '@dma-fence/core/shared';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Platform } from '../../src/platform.js';
import { replacePlatform } from '../../src/replace-platform.js';
import { AWAITED, encode, VALUE } from '../../src/shared/block.js';
import { keepAlive } from '../../src/shared/keep-alive.js';
import { rejection, settled } from '../support.js';

function timeline(): SharedTimeline {
  const made = SharedTimeline.create({ driverName: 'codec', timelineName: 'decode' });
  onTestFinished(() => {
    made[Symbol.dispose]();
  });
  return made;
}

const awaited = ({ handle }: SharedTimeline): boolean =>
  ((new Int32Array(handle.buffer)[VALUE] as number) & AWAITED) !== 0;

type WaitAsync = (words: Int32Array, index: number, expected: number) => { async: boolean; value: unknown };
const atomics = Atomics as unknown as { waitAsync: WaitAsync | undefined };

/** Takes the place of `Atomics.waitAsync` until the test ends. */
function replaceWaitAsync(replacement: WaitAsync | undefined): void {
  const real = atomics.waitAsync;
  atomics.waitAsync = replacement;
  onTestFinished(() => {
    atomics.waitAsync = real;
  });
}

/** Timers that run when the test says so. */
function virtualTimers(): {
  pending: Map<object, { run: () => void; ms: number; background: boolean }>;
  fire: () => void;
} {
  const pending = new Map<object, { run: () => void; ms: number; background: boolean }>();
  const virtual: Partial<Platform> = {
    setTimer: (run, ms, purpose) => {
      const timer = { handle: {} };
      pending.set(timer, { run, ms, background: purpose === 'background' });
      return timer;
    },
    clearTimer: (timer) => void pending.delete(timer as object),
  };
  const restore = replacePlatform(virtual);
  onTestFinished(() => {
    restore[Symbol.dispose]();
  });
  return {
    pending,
    fire: () => {
      for (const [timer, { run, ms }] of [...pending]) {
        if (ms > 100) continue;
        pending.delete(timer);
        run();
      }
    },
  };
}

describe('one wake-up a timeline and thread', () => {
  test('nothing is armed and nobody is said to wait until somebody waits or hangs a callback on a fence', () => {
    const own = timeline();
    const armed = vi.spyOn(atomics as { waitAsync: WaitAsync }, 'waitAsync');
    own.fenceAt(1).put();
    expect(awaited(own)).toBe(false);
    using fence = own.fenceAt(2);
    fence.enableSignaling();
    expect(awaited(own)).toBe(true);
    for (let value = 3; value < 100; value++) {
      const more = own.fenceAt(value);
      more.addCallback(() => undefined);
      more.put();
    }
    expect(armed).toHaveBeenCalledTimes(1);
    expect(awaited(own)).toBe(true);
    armed.mockRestore();
  });

  test('it is given back when nobody wants it any more, and wakes again when somebody does', async () => {
    const own = timeline();
    using first = own.fenceAt(1);
    const wait = first.wait();
    own.advanceTo(1);
    await wait;
    await settled();
    expect(awaited(own)).toBe(false);
    using second = own.fenceAt(2);
    const again = second.wait();
    expect(awaited(own)).toBe(true);
    own.advanceTo(2);
    await again;
  });

  test('a wait that timed out leaves the fence armed, as the kernel leaves a signalling fence enabled', async () => {
    const own = timeline();
    using fence = own.fenceAt(1);
    expect(await rejection(fence.wait({ timeoutMs: 0.2 }))).toMatchObject({ code: 'ETIME' });
    expect(awaited(own)).toBe(true);
    own.advanceTo(1);
    expect(fence.signaled).toBe(true);
  });

  test('waitAsync that returns synchronously is asked again, after another look', async () => {
    const own = timeline();
    const real = atomics.waitAsync;
    let calls = 0;
    replaceWaitAsync((words, index, expected) => {
      calls++;
      // As if another thread had come in between: the value has moved on, or was notified already.
      if (calls < 3) return { async: false, value: calls === 1 ? 'not-equal' : 'timed-out' };
      return (real as WaitAsync)(words, index, expected);
    });
    using fence = own.fenceAt(1);
    const wait = fence.wait();
    expect(calls).toBe(3);
    own.advanceTo(1);
    await wait;
  });

  test('the last one to go gives it back', () => {
    const own = timeline();
    const armed = SharedTimeline.create({ driverName: 'codec', timelineName: 'decode' });
    using fence = armed.fenceAt(1);
    fence.enableSignaling();
    const notified = vi.spyOn(Atomics, 'notify');
    armed[Symbol.dispose]();
    expect(fence.error?.code).toBe('ECANCELED');
    expect(notified).toHaveBeenCalled();
    expect(awaited(own)).toBe(false);
    notified.mockRestore();
  });
});

describe('the process is kept alive', () => {
  /** How many waits the timelines of this thread have told of, and not taken back. */
  function told(): () => number {
    let waits = 0;
    const spy = vi.spyOn(keepAlive, 'waiting').mockImplementation((change) => {
      waits += change;
    });
    onTestFinished(() => {
      spy.mockRestore();
    });
    return () => waits;
  }

  test('exactly while somebody awaits, not for a callback', async () => {
    const waits = told();
    const own = timeline();
    using fence = own.fenceAt(1);
    fence.addCallback(() => undefined);
    expect(waits()).toBe(0);
    const stop = new AbortController();
    const both = [fence.wait(), rejection(fence.wait({ signal: stop.signal }))];
    expect(waits()).toBe(2);
    stop.abort();
    expect(waits()).toBe(1);
    own.advanceTo(1);
    expect(waits()).toBe(0);
    await Promise.all(both);
  });

  test('not after the last wait was given up, nor after its timeout', async () => {
    const waits = told();
    const own = timeline();
    using fence = own.fenceAt(1);
    const stop = new AbortController();
    const wait = rejection(fence.wait({ signal: stop.signal }));
    expect(waits()).toBe(1);
    stop.abort(new Error('enough'));
    expect(waits()).toBe(0);
    expect(await wait).toMatchObject({ message: 'enough' });
    expect(await rejection(fence.wait({ timeoutMs: 0.2 }))).toMatchObject({ code: 'ETIME' });
    expect(waits()).toBe(0);
    expect(await rejection(fence.wait({ timeoutMs: 0 }))).toMatchObject({ code: 'ETIME' });
    expect(waits()).toBe(0);
  });

  test('also for a wait above it: for an array, a chain, a merge, and not by what they hang on it', async () => {
    const waits = told();
    const [own, other] = [timeline(), timeline()];
    using one = own.fenceAt(1);
    using two = other.fenceAt(1);
    const containers = [fenceArray([one, two]), fenceChain(one, two, 1), mergeFences([one, two])];
    for (const container of containers) container.addCallback(() => undefined);
    expect(waits()).toBe(0);
    const all = containers.map((container) => container.wait());
    expect(waits()).toBeGreaterThanOrEqual(3);
    own.advanceTo(1);
    expect(waits()).toBeGreaterThanOrEqual(3);
    other.advanceTo(1);
    expect(waits()).toBe(0);
    await Promise.all(all);
    for (const container of containers) container.put();
  });

  test('a cancel, a disposal and an end of the last object let go as well', async () => {
    const waits = told();
    const own = SharedTimeline.create({ driverName: 'codec', timelineName: 'decode' });
    const attached = SharedTimeline.attach(own.handle);
    using fence = attached.fenceAt(1);
    const wait = rejection(fence.wait());
    expect(waits()).toBe(1);
    own[Symbol.dispose]();
    attached[Symbol.dispose]();
    expect(waits()).toBe(0);
    expect(await wait).toMatchObject({ code: 'ECANCELED' });
  });
});

describe('without Atomics.waitAsync', () => {
  test('the value is looked at by a timer that keeps nothing alive, ever more rarely, until it is there', async () => {
    replaceWaitAsync(undefined);
    const { pending, fire } = virtualTimers();
    const own = timeline();
    using fence = own.fenceAt(1);
    const order: string[] = [];
    fence.addCallback(() => order.push('called'));
    const delays: number[] = [];
    for (let i = 0; i < 6; i++) {
      const [timer] = [...pending.values()];
      expect(timer?.background).toBe(true);
      delays.push(timer?.ms ?? 0);
      fire();
    }
    expect(delays).toEqual([1, 2, 4, 8, 16, 16]);
    // Nobody need notify.
    expect(awaited(own)).toBe(false);
    new Int32Array(own.handle.buffer)[VALUE] = encode(1);
    expect(order).toEqual([]);
    fire();
    expect(order).toEqual(['called']);
    expect(pending.size).toBe(0);
    await settled();
  });

  test('a second fence does not start a second timer, and closing stops it', () => {
    replaceWaitAsync(undefined);
    const { pending } = virtualTimers();
    const own = SharedTimeline.create({ driverName: 'codec', timelineName: 'decode' });
    for (const value of [1, 2, 3]) {
      const fence = own.fenceAt(value);
      fence.addCallback(() => undefined);
      fence.put();
    }
    expect(pending.size).toBe(1);
    own[Symbol.dispose]();
    expect(pending.size).toBe(0);
  });
});
