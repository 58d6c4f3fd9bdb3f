import { DmaFenceContext } from '@dma-fence/core';
import {
  fenceFactory,
  virtualClock,
  type VirtualClock,
  type VirtualClockOptions,
} from '@dma-fence/core/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { platform, type LongTimer } from '../../src/platform.js';
import { isOpen, long, rejection, thrown } from '../support.js';

const real = { ...platform };
const now = Reflect.get(performance, 'now') as unknown;
const timers = [setTimeout, clearTimeout, setInterval, clearInterval];

afterEach(() => {
  expect(platform).toEqual(real);
  expect(Reflect.get(performance, 'now')).toBe(now);
  expect([setTimeout, clearTimeout, setInterval, clearInterval]).toEqual(timers);
});

describe('a virtual clock', () => {
  test('stands still until it is advanced', async () => {
    using clock = virtualClock();
    expect(clock.now()).toBe(0);
    await clock.advance(16.5);
    expect(clock.now()).toBe(16.5);
    clock.advanceSync(1);
    expect(clock.now()).toBe(17.5);
    await clock.advance(0);
    expect(clock.now()).toBe(17.5);
  });

  test('begins where it is told to', () => {
    using clock = virtualClock({ now: 5000 });
    expect(clock.now()).toBe(5000);
  });

  test('the timeout of a wait comes at its time, not before', async () => {
    using clock = virtualClock();
    using fences = fenceFactory();
    const wait = rejection(fences.create().wait({ timeoutMs: 50 }));
    await clock.advance(49);
    expect(await isOpen(wait)).toBe(true);
    expect(clock.timers).toBe(1);
    await clock.advance(1);
    expect((await wait).code).toBe('ETIME');
    expect(clock.timers).toBe(0);
  });

  test('a wait that ends takes its timer away', async () => {
    using clock = virtualClock();
    using fences = fenceFactory();
    const fence = fences.create();
    const wait = fence.wait({ timeoutMs: 50 });
    fence.signal();
    await wait;
    expect(clock.timers).toBe(0);
  });

  test('is the clock of timestamps', async () => {
    using clock = virtualClock({ now: 100 });
    using fences = fenceFactory({ timestamps: true });
    const fence = fences.create();
    clock.after(10, () => fence.signal());
    await clock.advance(25);
    expect(fence.timestamp).toBe(110);
  });

  test('runs what is due in order of time, then in order of setting, each at its time', async () => {
    using clock = virtualClock();
    const log: string[] = [];
    const note = (name: string) => () => void log.push(`${name} ${String(clock.now())}`);
    clock.after(2, note('b'));
    clock.after(1, note('a'));
    clock.after(2, note('c'));
    clock.after(3, note('late'));
    await clock.advance(2);
    expect(log).toEqual(['a 1', 'b 2', 'c 2']);
  });

  test('lets everything that a timer decides happen before the next', async () => {
    using clock = virtualClock();
    const log: string[] = [];
    clock.after(1, () => {
      log.push('first');
      void Promise.resolve()
        .then(() => Promise.resolve())
        .then(() => {
          log.push('its promises');
          clock.after(1, () => void log.push('set by them'));
        });
    });
    clock.after(5, () => void log.push('second'));
    await clock.advance(5);
    expect(log).toEqual(['first', 'its promises', 'set by them', 'second']);
  });

  test('in one turn, promises settle after it', async () => {
    using clock = virtualClock();
    using fences = fenceFactory();
    const fence = fences.create();
    let called = 0;
    fence.addCallback(() => void called++);
    const wait = fence.wait();
    clock.after(1, () => fence.signal());
    clock.advanceSync(1);
    expect(called).toBe(1);
    await wait;
  });

  test('work can be taken back', async () => {
    using clock = virtualClock();
    const work = vi.fn();
    {
      using _scheduled = clock.after(1, work);
    }
    await clock.advance(1);
    expect(work).not.toHaveBeenCalled();
  });

  test('what a timer throws comes out of the advance, and the others still run', async () => {
    using clock = virtualClock();
    const work = vi.fn();
    clock.after(1, () => {
      throw new Error('broken');
    });
    clock.after(2, work);
    await expect(clock.advance(3)).rejects.toThrow('broken');
    expect(clock.now()).toBe(1);
    await clock.advance(2);
    expect(work).toHaveBeenCalledOnce();
  });

  test('advance() from within a timer never turns the clock back', async () => {
    using clock = virtualClock();
    clock.after(1, () => clock.advanceSync(10));
    await clock.advance(2);
    expect(clock.now()).toBe(11);
  });

  test('runs to the last timer, those set on the way included', async () => {
    using clock = virtualClock();
    clock.after(1, () => void clock.after(10, () => undefined));
    await clock.runAll();
    expect([clock.now(), clock.timers]).toEqual([11, 0]);
  });

  long('timers without an end are an error', async () => {
    using clock = virtualClock();
    const again = (): void => void clock.after(1, again);
    clock.after(1, again);
    const error = await rejection(clock.runAll());
    expect(error.code).toBe('ETIME');
  });

  test('two may be on, and go in any order', () => {
    const outer = virtualClock({ now: 1 });
    const inner = virtualClock({ now: 2 });
    expect(platform.now()).toBe(2);
    outer[Symbol.dispose]();
    expect(platform.now()).toBe(2);
    inner[Symbol.dispose]();
    inner[Symbol.dispose]();
  });

  test('a wait that began on the real clock ends on it', async () => {
    using fences = fenceFactory();
    const fence = fences.create();
    const wait = fence.wait({ timeoutMs: 100_000 });
    using clock = virtualClock();
    await clock.advance(100_000);
    fence.signal();
    await wait;
    expect(clock.timers).toBe(0);
  });

  test('a wait that outlives it ends all the same', async () => {
    using fences = fenceFactory();
    const fence = fences.create();
    const clock = virtualClock();
    const wait = fence.wait({ timeoutMs: 5 });
    clock[Symbol.dispose]();
    fence.signal();
    await wait;
  });

  test('a reason to stay alive is no timer', () => {
    using clock = virtualClock();
    const alive = platform.setTimer(() => undefined, 1, 'alive') as LongTimer;
    expect(clock.timers).toBe(0);
    expect(alive.handle).toBeDefined();
    platform.clearTimer(alive);
  });

  test('works beside the fake timers of a test runner', async () => {
    vi.useFakeTimers();
    using clock = virtualClock();
    const work = vi.fn();
    clock.after(1, work);
    await clock.advance(1);
    expect(work).toHaveBeenCalledOnce();
    vi.useRealTimers();
  });

  test('a timer that is taken back twice takes no other with it', async () => {
    using clock = virtualClock();
    const work = vi.fn();
    const first = clock.after(1, vi.fn());
    clock.after(1, work);
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    await clock.advance(1);
    expect(work).toHaveBeenCalledOnce();
  });

  test('once it is gone, what it had to do is too', () => {
    const clock = virtualClock();
    clock.after(1, () => undefined);
    clock[Symbol.dispose]();
    expect(clock.timers).toBe(0);
  });

  test.each([
    [7, 'virtualClock(): options must be an object, not 7'],
    [null, 'virtualClock(): options must be an object, not null'],
    [{ time: 1 }, 'virtualClock(): "time" is no option; there are now, globals'],
    [{ now: NaN }, 'virtualClock(): now must be ms, not NaN'],
    [{ globals: 'yes' }, 'virtualClock(): globals must be true or false, not "yes"'],
  ])('refuses %j', (options, message) => {
    expect(thrown(() => virtualClock(options as VirtualClockOptions))).toMatchObject({
      code: 'EINVAL',
      message,
    });
  });

  test.each([-1, NaN, Infinity])('refuses to advance by %d', async (ms) => {
    using clock = virtualClock();
    const refused = (call: string) => ({
      code: 'EINVAL',
      message: `clock.${call}() takes a number of ms from 0, not ${String(ms)}`,
    });
    expect(await rejection(clock.advance(ms))).toMatchObject(refused('advance'));
    expect(thrown(() => clock.advanceSync(ms))).toMatchObject(refused('advanceSync'));
    expect(thrown(() => clock.after(ms, () => undefined))).toMatchObject(refused('after'));
    expect(thrown(() => clock.after(1, 7 as unknown as () => void))).toMatchObject({
      code: 'EINVAL',
      message: 'clock.after(): work must be a function, not 7',
    });
  });
});

describe('a virtual clock for the whole program', () => {
  const whole = (): VirtualClock => virtualClock({ globals: true });

  test('is performance.now(), so that deadlines mean the same to both sides', async () => {
    using clock = whole();
    let heard = 0;
    const context = new DmaFenceContext({
      driverName: 'gpu',
      timelineName: 'ring0',
      ops: { setDeadline: (_fence, deadline) => void (heard = deadline) },
    });
    using fence = context.createFence();
    await clock.advance(100);
    fence.setDeadline(performance.now() + 16);
    expect(heard).toBe(116);
    fence.signal();
  });

  test('runs the timers of the program', async () => {
    using clock = whole();
    const log: unknown[] = [];
    setTimeout((...args: unknown[]) => void log.push(...args), 10, 'a', 'b');
    const dropped = setTimeout(() => void log.push('dropped'), 5);
    clearTimeout(dropped);
    setTimeout(() => void log.push('at once'));
    setTimeout(() => void log.push('at once too'), NaN);
    await clock.advance(1);
    expect(log).toEqual(['at once', 'at once too']);
    await clock.advance(9);
    expect(log).toEqual(['at once', 'at once too', 'a', 'b']);
  });

  test('runs intervals until they are cleared, also from within', async () => {
    using clock = whole();
    const at: number[] = [];
    const interval = setInterval(() => {
      at.push(performance.now());
      if (at.length === 3) clearInterval(interval);
    }, 5);
    await clock.advance(100);
    expect(at).toEqual([5, 10, 15]);
    expect(clock.timers).toBe(0);
  });

  test('its timers have what those of Node have', async () => {
    using clock = whole();
    const work = vi.fn();
    const timer = setTimeout(work, 10);
    expect(timer.hasRef()).toBe(true);
    expect(timer.unref().hasRef()).toBe(false);
    expect(timer.ref().hasRef()).toBe(true);
    await clock.advance(9);
    timer.refresh();
    await clock.advance(9);
    expect(work).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(work).toHaveBeenCalledOnce();
    timer[Symbol.dispose]();
  });

  test('a timer from before is still cleared by clearTimeout', () => {
    const timer = setTimeout(() => undefined, 100_000);
    using _clock = whole();
    clearTimeout(timer);
    clearTimeout(undefined);
  });

  test('gives back a performance.now() that somebody else had replaced', () => {
    const spy = vi.spyOn(performance, 'now').mockReturnValue(42);
    {
      using _clock = whole();
      expect(performance.now()).toBe(0);
    }
    expect(performance.now()).toBe(42);
    spy.mockRestore();
  });
});
