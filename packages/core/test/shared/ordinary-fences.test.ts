import {
  addFenceTracer,
  DmaFenceContext,
  DmaReservation,
  fenceArray,
  FenceCallback,
  fenceChain,
  FenceUsage,
  findChainSeqno,
  mergeFences,
  SyncObject,
  unwrapFences,
  waitAll,
  waitAny,
  waitSyncObjects,
  type DmaFence,
  type DriverFence,
  type ReservationLock,
} from '@dma-fence/core';
import { SharedTimeline } from '@dma-fence/core/shared';
import { describe, expect, onTestFinished, test } from 'vitest';
import { AWAITED, VALUE } from '../../src/shared/block.js';
import { callbackErrors, hangingOn, isOpen, planted, rejection, warnings } from '../support.js';
import { otherThread } from './other-thread.js';

/*
 * A fence of a shared timeline is an ordinary fence: what the other suites of core say of fences is said here again of these,
 * finished by this thread, and by another one that tells this thread nothing but by shared memory.
 */

const { WRITE, READ, BOOKKEEP } = FenceUsage;

function timeline(timelineName = 'decode'): SharedTimeline {
  const made = SharedTimeline.create({ driverName: 'codec', timelineName });
  onTestFinished(() => {
    made[Symbol.dispose]();
  });
  return made;
}

const EIO = 5;

/** Finishes a value, or fails it with EIO, and comes back when this thread has noticed. */
type Finish = (own: SharedTimeline, value: number, fails?: boolean) => Promise<void>;

const here: Finish = (own, value, fails = false) => {
  own.advanceTo(value, fails ? 'EIO' : undefined);
  return Promise.resolve();
};

const elsewhere: Finish = async (own, value, fails = false) => {
  // Somebody waits here, as in any program that hung something on a fence: the wake-up is what tells this thread.
  using fence = own.fenceAt(value);
  const noticed = fence.wait().catch(() => undefined);
  const { progress } = otherThread(own);
  if (progress.advance(value, fails ? EIO : 0)) progress.wake();
  await noticed;
};

/** A local fence beside a shared one. */
const local = (): DriverFence =>
  new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' }).createFence();

const awaited = ({ handle }: SharedTimeline): boolean =>
  ((new Int32Array(handle.buffer)[VALUE] as number) & AWAITED) !== 0;

describe.each([
  ['this thread', here],
  ['another thread', elsewhere],
])('a fence that %s finishes', (_who, finish) => {
  describe('callbacks', () => {
    test('run once, first in, first out, and see the fence signaled', async () => {
      const own = timeline();
      using fence = own.fenceAt(1);
      const log: unknown[] = [];
      for (const name of ['a', 'b', 'c']) {
        expect(fence.addCallback((done) => void log.push([name, done === fence, done.signaled]))).toBe(true);
      }
      await finish(own, 1);
      expect(log).toEqual(['a', 'b', 'c'].map((name) => [name, true, true]));
      own.advanceTo(2);
      expect(log).toHaveLength(3);
    });

    test('late: addCallback is false, the callback is still the caller’s', async () => {
      const own = timeline();
      using fence = own.fenceAt(1);
      fence.enableSignaling();
      await finish(own, 1, true);
      const record = new FenceCallback(() => {
        throw new Error('must not run');
      });
      expect(fence.addCallback(record)).toBe(false);
      expect(record.pending).toBe(false);
      // Also on a fence that is made when its value is over.
      using after = own.fenceAt(1);
      expect(after.addCallback(record)).toBe(false);
      expect(after.error?.code).toBe('EIO');
    });

    test('removed before: they do not run; removed by one that runs before them, neither', async () => {
      const own = timeline();
      using fence = own.fenceAt(1);
      const log: string[] = [];
      const first = new FenceCallback(() => {
        log.push('first');
        expect(fence.removeCallback(third)).toBe(true);
        expect(fence.removeCallback(first)).toBe(false);
      });
      const second = new FenceCallback(() => log.push('second'));
      const third = new FenceCallback(() => log.push('third'));
      const gone = new FenceCallback(() => log.push('gone'));
      for (const record of [first, gone, second, third]) fence.addCallback(record);
      expect(fence.removeCallback(gone)).toBe(true);
      expect(fence.removeCallback(gone)).toBe(false);
      await finish(own, 1);
      expect(log).toEqual(['first', 'second']);
    });

    test('re-entrant: one may advance further, make and wait for fences, add to later ones', async () => {
      planted('forbidden');
      const own = timeline();
      const log: string[] = [];
      const fences = [1, 2, 3].map((value) => own.fenceAt(value));
      const [one, two, three] = fences as [DmaFence, DmaFence, DmaFence];
      let wait: Promise<void> | undefined;
      one.addCallback(() => {
        log.push('one');
        expect(one.addCallback(() => undefined)).toBe(false);
        three.addCallback(() => log.push('three, added late'));
        own.advanceTo(2);
        // In order: the second waits for its turn behind what hangs on the first.
        expect(two.signaled).toBe(false);
      });
      one.addCallback(() => {
        log.push('one again');
        wait = three.wait();
      });
      two.addCallback(() => log.push('two'));
      three.addCallback(() => log.push('three'));
      await finish(own, 1);
      expect(log).toEqual(['one', 'one again', 'two']);
      await finish(own, 3);
      expect(log.slice(3)).toEqual(['three', 'three, added late']);
      await wait;
      for (const fence of fences) fence.put();
    });

    test('one that throws stops no other, and not the advance', async () => {
      const errors = callbackErrors();
      const own = timeline();
      using one = own.fenceAt(1);
      using two = own.fenceAt(2);
      const log: string[] = [];
      one.addCallback(() => {
        throw new Error('broken');
      });
      one.addCallback(() => log.push('one'));
      two.addCallback(() => log.push('two'));
      await finish(own, 2);
      expect(log).toEqual(['one', 'two']);
      expect(errors.map(({ error }) => (error as Error).message)).toEqual(['broken']);
    });

    test('after release: put by its last owner while it is pending, the timeline still signals it, without a warning', async () => {
      const warned = warnings();
      const own = timeline();
      const log: string[] = [];
      const fence = own.fenceAt(1);
      fence.addCallback(() => log.push('called'));
      fence.put();
      await finish(own, 1);
      expect(log).toEqual(['called']);
      expect(() => fence.get()).toThrow('last reference was put');
      expect(warned).toEqual([]);
    });
  });

  describe('waits', () => {
    test('wait resolves, or rejects with what the value failed with; late ones at once', async () => {
      const own = timeline();
      using good = own.fenceAt(1);
      using bad = own.fenceAt(2);
      const waits = [good.wait(), rejection(bad.wait({ timeoutMs: 60_000 }))] as const;
      await finish(own, 1);
      await finish(own, 2, true);
      await waits[0];
      expect(await waits[1]).toMatchObject({ code: 'EIO' });
      expect(await rejection(bad.wait({ timeoutMs: 0 }))).toMatchObject({ code: 'EIO' });
      await good.wait({ signal: AbortSignal.abort() });
    });

    test('waitAny tells who was first, among shared and local ones, and leaves nothing on the losers', async () => {
      const [a, b] = [timeline('a'), timeline('b')];
      using ours = local();
      using loser = a.fenceAt(1);
      using winner = b.fenceAt(1);
      const first = waitAny([ours, loser, winner]);
      expect(await isOpen(first)).toBe(true);
      await finish(b, 1, true);
      expect(await first).toBe(2);
      expect(await waitAny([loser, winner])).toBe(1);
      // Nobody waits for the loser: its value may come, nothing happens.
      a.advanceTo(1);
      ours.signal();
      expect(await waitAny([ours, loser, winner])).toBe(0);
    });

    test('waitAll waits for all of them, rejects at once with the first failure, over several timelines', async () => {
      const [a, b] = [timeline('a'), timeline('b')];
      using ours = local();
      using one = a.fenceAt(1);
      using two = b.fenceAt(2);
      const all = waitAll([one, ours, two, one]);
      using three = b.fenceAt(3);
      const failing = rejection(waitAll([two, ours, three]));
      await finish(a, 1);
      await finish(b, 2);
      expect(await isOpen(all)).toBe(true);
      await finish(b, 3, true);
      expect(await failing).toMatchObject({ code: 'EIO' });
      ours.signal();
      await all;
      await waitAll([one, two]);
    });

    test('a wait begun in a callback of its own timeline is woken too', async () => {
      planted('forbidden');
      const own = timeline();
      using one = own.fenceAt(1);
      using two = own.fenceAt(2);
      const second = new Promise<void>((resolve, reject) => {
        one.addCallback(() => void two.wait().then(resolve, reject));
      });
      await finish(own, 1);
      expect(await isOpen(second)).toBe(true);
      await finish(own, 2);
      await second;
    });
  });

  describe('containers', () => {
    test('an array of all waits for all, keeps the first failure; one of any is done with the first', async () => {
      const [a, b] = [timeline('a'), timeline('b')];
      using one = a.fenceAt(1);
      using two = b.fenceAt(1);
      using all = fenceArray([one, two]);
      using any = fenceArray([one, two], { mode: 'any' });
      const log: string[] = [];
      all.addCallback(() => log.push('all'));
      any.addCallback(() => log.push('any'));
      await finish(b, 1, true);
      expect(log).toContain('any');
      await finish(a, 1);
      expect(log).toEqual(['any', 'all']);
      expect([all.error?.code, any.error?.code]).toEqual(['EIO', 'EIO']);
      // Late: of members that are over.
      using late = fenceArray([one, two]);
      expect(late.poll()).toBe(true);
      expect(late.error?.code).toBe('EIO');
    });

    test('asked by poll only, a container finds out by itself what was finished', async () => {
      const own = timeline();
      using one = own.fenceAt(1);
      using array = fenceArray([one]);
      using chain = fenceChain(undefined, one, 1);
      using other = own.fenceAt(1);
      await finish(own, 1);
      other.poll();
      expect([array.poll(), chain.poll()]).toEqual([true, true]);
    });

    test('a chain of shared points signals in order, is found by seqno, and never loses an error', async () => {
      const own = timeline();
      let head: DmaFence | undefined;
      for (const seqno of [1, 2, 3]) {
        using point = own.fenceAt(seqno);
        const next = fenceChain(head, point, seqno);
        head?.put();
        head = next;
      }
      using last = head as DmaFence;
      const wait = rejection(last.wait());
      using second = findChainSeqno(last, 2);
      const log: number[] = [];
      second.addCallback(() => log.push(2));
      last.addCallback(() => log.push(3));
      await finish(own, 1);
      expect(log).toEqual([]);
      await finish(own, 2, true);
      expect(log).toEqual([2]);
      await finish(own, 3);
      expect(log).toEqual([2, 3]);
      expect(await wait).toMatchObject({ code: 'EIO' });
    });

    test('a merge keeps the latest of a timeline beside local ones, and unwraps to it', async () => {
      const [a, b] = [timeline('a'), timeline('b')];
      using ours = local();
      using early = a.fenceAt(1);
      using later = a.fenceAt(2);
      using other = b.fenceAt(1);
      using merged = mergeFences([later, ours, early, other]);
      expect([...unwrapFences(merged)].sort((x, y) => x.context.id - y.context.id)).toEqual([
        later,
        other,
        ours,
      ]);
      const wait = merged.wait();
      await finish(a, 2);
      await finish(b, 1);
      expect(await isOpen(wait)).toBe(true);
      ours.signal();
      await wait;
      // Late: nothing pending is left.
      using nothing = mergeFences([early, later, other]);
      expect(nothing.signaled).toBe(true);
    });
  });

  test('a reservation waits for writers and readers of other threads, and replaces by context', async () => {
    const own = timeline();
    const buffer = new DmaReservation();
    {
      using lock = buffer.tryLock() as ReservationLock;
      using write = own.fenceAt(1);
      using read = own.fenceAt(2);
      lock.add(write, WRITE);
      lock.add(read, READ);
    }
    expect([buffer.poll(WRITE), buffer.poll(READ)]).toEqual([false, false]);
    using both = buffer.singleton(BOOKKEEP) as DmaFence;
    const waits = [buffer.wait(WRITE), buffer.wait(READ), both.wait()] as const;
    await finish(own, 1);
    await waits[0];
    expect(await isOpen(waits[1])).toBe(true);
    await finish(own, 2);
    await Promise.all(waits);
    expect(buffer.poll(BOOKKEEP)).toBe(true);
    expect([...buffer.fences(BOOKKEEP)]).toEqual([]);
    buffer[Symbol.dispose]();
  });

  test('a sync object is filled with one, before or after somebody waits for it', async () => {
    const own = timeline();
    const slot = new SyncObject();
    const points = new SyncObject();
    const before = slot.wait({ waitForSubmit: true });
    using one = own.fenceAt(1);
    using two = own.fenceAt(2);
    slot.replace(one);
    points.addPoint(10, one);
    points.addPoint(20, two);
    const any = waitSyncObjects([{ syncObject: points, point: 20 }, slot], { waitForSubmit: true });
    expect(points.query()).toBe(0);
    await finish(own, 1);
    await before;
    expect(await any).toBe(1);
    expect(points.query()).toBe(10);
    const failing = rejection(points.wait({ point: 20 }));
    await finish(own, 2, true);
    expect(await failing).toMatchObject({ code: 'EIO' });
    // Late.
    expect(await rejection(points.wait({ point: 20 }))).toMatchObject({ code: 'EIO' });
    await slot.wait();
    slot[Symbol.dispose]();
    points[Symbol.dispose]();
  });

  test('a tracer is told of it what it is told of any fence, in the same order', async () => {
    const own = timeline();
    const log: string[] = [];
    const is = (fence: DmaFence): boolean => fence.context === own.context && fence.seqno === 1;
    const note = (what: string) => (fence: DmaFence) => {
      if (is(fence)) log.push(what);
    };
    using _tracing = addFenceTracer({
      init: note('init'),
      enableSignal: note('enable'),
      signaled: note('signaled'),
      destroy: note('destroy'),
      waitStart: (fence) => (is(fence) ? log.push('wait') : 0),
      waitEnd: (fence, _token, outcome) => {
        if (is(fence)) log.push(`wait ${outcome}`);
      },
    });
    const fence = own.fenceAt(1);
    fence.addCallback(() => log.push('callback'));
    const wait = fence.wait();
    own.fenceAt(2).put();
    await finish(own, 2);
    await wait;
    fence.put();
    expect(log).toEqual(['init', 'enable', 'wait', 'signaled', 'callback', 'wait signaled', 'destroy']);
  });

  test('whatever was hung on it and is over leaves nobody that is said to wait', async () => {
    const own = timeline();
    using one = own.fenceAt(1);
    using two = own.fenceAt(2);
    using array = fenceArray([one, two]);
    const stop = new AbortController();
    const waits = [array.wait(), one.wait(), rejection(array.wait({ signal: stop.signal }))];
    expect(awaited(own)).toBe(true);
    stop.abort(new Error('enough'));
    await finish(own, 1);
    await finish(own, 2);
    await Promise.all(waits);
    expect(awaited(own)).toBe(false);
  });
});

test('one advance of another thread signals all its fences here, ascending, each with its own result', async () => {
  const own = timeline();
  const { progress } = otherThread(own);
  const log: string[] = [];
  const fences = [5, 3, 1, 4, 2].map((value) => own.fenceAt(value));
  for (const fence of fences) {
    fence.addCallback(({ seqno, error }) => log.push(`${String(seqno)} ${error?.code ?? 'fine'}`));
  }
  const all = rejection(waitAll(fences));
  for (const [to, errno] of [
    [1, 0],
    [3, EIO],
    [4, 0],
    [5, 1],
  ] as const) {
    progress.advance(to, errno);
  }
  expect(log).toEqual([]);
  progress.wake();
  expect(await all).toMatchObject({ code: 'EIO' });
  expect(log).toEqual(['1 fine', '2 EIO', '3 EIO', '4 fine', '5 EPERM']);
  for (const fence of fences) fence.put();
});

/** A chain over a value that is finished in shared memory and was not noticed here: its other fence is done at the `at`th look. */
function decidedWhileTold(at: number): DmaFence {
  const own = timeline();
  const value = own.reserve();
  using done = own.fenceAt(value);
  otherThread(own).progress.advance(value, 0);
  let asked = 0;
  const ring = new DmaFenceContext({
    driverName: 'hw',
    timelineName: 'ring',
    ops: { isSignaled: () => ++asked >= at },
  });
  using first = ring.createFence();
  const chain = fenceChain(first, done, 1);
  onTestFinished(() => {
    chain.put();
  });
  return chain;
}

test.each([1, 2, 3, 4])(
  'a wait that is decided while its fence is told of it ends once, look %i',
  async (at) => {
    for (const wait of [
      (fence: DmaFence) => fence.wait(),
      (fence: DmaFence) => fence.wait({ timeoutMs: 1000 }),
      (fence: DmaFence) => fence.wait({ signal: new AbortController().signal }),
      (fence: DmaFence) => waitAll([fence]),
      (fence: DmaFence) => {
        const slot = new SyncObject();
        slot.replace(fence);
        return slot.wait({ timeoutMs: 1000 }).finally(() => {
          slot[Symbol.dispose]();
        });
      },
    ]) {
      const chain = decidedWhileTold(at);
      const waited = wait(chain);
      chain.poll();
      chain.poll();
      chain.poll();
      chain.poll();
      await waited;
      expect([chain.status, hangingOn(chain)]).toEqual(['signaled', undefined]);
    }
  },
);
