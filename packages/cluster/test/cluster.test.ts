import { FenceError, mergeFences, waitAll, waitAny, type DmaFence } from '@dma-fence/core';
import { describe, expect, test, vi } from 'vitest';
import { FenceCluster, memory, type ClusterEngine } from '@dma-fence/cluster';
import { codeOf, NAMES, outcome, useWorld } from './support.js';

const world = useWorld();

describe('FenceCluster.connect()', () => {
  test.each([
    ['no engine', undefined, {}],
    ['an object that is none', {}, {}],
    ['options that are none', memory(), 7],
    ['an unknown option', memory(), { lease: 7 }],
    ['a lease that is too short', memory(), { leaseMs: 1999 }],
    ['a lease that is no number', memory(), { leaseMs: Number.NaN }],
    ['checks that are too often', memory(), { checkMs: 10 }],
    ['no error slots', memory(), { errorSlots: 0 }],
  ])('refuses %s', async (_, engine, options) => {
    expect(await codeOf(FenceCluster.connect(engine as ClusterEngine, options as object))).toBe('EINVAL');
  });

  test('says what an acknowledgement survives, and whether the engine was there', async () => {
    const { cluster, cut, heal } = await world.process();
    expect(cluster.promise).toBe('process');
    expect(cluster.connected).toBe(true);
    const timeline = await cluster.timeline(NAMES);
    cut();
    expect(await codeOf(timeline.reserve())).toBe('EAGAIN');
    expect(cluster.connected).toBe(false);
    heal();
    await timeline.reserve();
    expect(cluster.connected).toBe(true);
  });

  test('rejects with EAGAIN when the engine cannot be opened, and with what it says when it may not be', async () => {
    const engine = (error: Error): ClusterEngine => ({
      ...memory(),
      ...STUB,
      open: () => Promise.reject(error),
    });
    expect(await codeOf(FenceCluster.connect(engine(new Error('refused'))))).toBe('EAGAIN');
    expect(await codeOf(FenceCluster.connect(engine(new FenceError('EOPNOTSUPP', 'too old'))))).toBe(
      'EOPNOTSUPP',
    );
  });
});

const STUB = { promise: 'process', compareAndSet: () => Promise.resolve(undefined) } as const;

describe('cluster.timeline()', () => {
  test.each([
    ['nothing', undefined],
    ['a name with a colon', { driverName: 'a:b', timelineName: 'c' }],
    ['a name that is none', { driverName: 7, timelineName: 'c' }],
    ['no timeline name', { driverName: 'a' }],
    ['an empty name', { driverName: 'a', timelineName: '' }],
    ['an unknown option', { ...NAMES, uid: 'x' }],
  ])('refuses %s', async (_, names) => {
    const { cluster } = await world.process();
    expect(await codeOf(cluster.timeline(names as typeof NAMES))).toBe('EINVAL');
  });

  test('twice in one process gives one object, also at once', async () => {
    const { cluster } = await world.process();
    const [one, two] = await Promise.all([cluster.timeline(NAMES), cluster.timeline({ ...NAMES })]);
    expect(one).toBe(two);
    await one[Symbol.asyncDispose]();
    expect(await cluster.timeline(NAMES)).toBe(one);
  });

  test('keeps names apart that look alike in a key', async () => {
    const { cluster } = await world.process();
    const names = ['a.b', 'a', 'ä', '=', 'a=2eb'];
    const timelines = await Promise.all(
      names.flatMap((driverName) =>
        names.map((timelineName) => cluster.timeline({ driverName, timelineName })),
      ),
    );
    expect(new Set(timelines.map(({ context }) => context.uid)).size).toBe(names.length ** 2);
  });

  test('has one uid in every process, and its own context in each', async () => {
    const a = await (await world.process()).cluster.timeline(NAMES);
    const b = await (await world.process()).cluster.timeline(NAMES);
    expect(a.context.uid).toBe(b.context.uid);
    expect(a.context.uid).toMatch(/^[0-9a-f]{32}$/);
    expect(a.context).not.toBe(b.context);
    expect(a.context.driverName).toBe('farm');
  });

  test('refuses a key that holds something else', async () => {
    await world.engine.compareAndSet('farm.frames', undefined, new TextEncoder().encode('hello'));
    const { cluster } = await world.process();
    expect(await codeOf(cluster.timeline(NAMES))).toBe('EINVAL');
  });

  test('rejects with EAGAIN while the engine cannot be reached, and works later', async () => {
    const { cluster, cut, heal } = await world.process();
    cut();
    expect(await world.settle(codeOf(cluster.timeline(NAMES)))).toBe('EAGAIN');
    heal();
    expect((await cluster.timeline(NAMES)).value).toBe(0);
  });

  test('after the cluster was disposed of rejects with ECANCELED', async () => {
    const { cluster } = await world.process();
    await cluster[Symbol.asyncDispose]();
    expect(await codeOf(cluster.timeline(NAMES))).toBe('ECANCELED');
    expect(cluster.connected).toBe(false);
  });
});

describe('a fence', () => {
  async function pair() {
    const a = await world.process();
    const b = await world.process();
    const there = await a.cluster.timeline(NAMES);
    const here = await b.cluster.timeline(NAMES);
    return { a, b, there, here, owner: await there.own() };
  }

  test('signals here when the owner elsewhere advances, and has signaled there when advanceTo resolves', async () => {
    const { there, here, owner } = await pair();
    using local = there.fenceAt(1);
    using remote = here.fenceAt(1);
    const waited = remote.wait();
    await owner.advanceTo(1);
    expect(local.signaled).toBe(true);
    await waited;
  });

  test('fails with what its owner said, value by value, whenever it is asked for', async () => {
    const { here, owner } = await pair();
    using early = here.fenceAt(2);
    const waited = codeOf(early.wait());
    await owner.advanceTo(1);
    await owner.advanceTo(3, new FenceError('ENODATA', 'no frame'));
    await owner.advanceTo(4);
    expect(await world.settle(waited)).toBe('ENODATA');
    await here.refresh();
    const late = [1, 2, 3, 4].map((value) => here.fenceAt(value));
    expect(late.map(outcome)).toEqual(['signaled', 'ENODATA', 'ENODATA', 'signaled']);
    for (const fence of late) fence.put();
  });

  test('gives EIO, never a success, where too many have failed since', async () => {
    const a = await world.process({ errorSlots: 2 });
    const b = await world.process();
    const owner = await (await a.cluster.timeline(NAMES)).own();
    const here = await b.cluster.timeline(NAMES);
    for (let value = 1; value <= 8; value++)
      await owner.advanceTo(value, value % 2 === 0 ? 'ENODATA' : undefined);
    await here.refresh();
    const fences = Array.from({ length: 8 }, (_, i) => here.fenceAt(i + 1));
    expect(fences.map(outcome)).toEqual([
      'EIO',
      'EIO',
      'EIO',
      'EIO',
      'signaled',
      'ENODATA',
      'signaled',
      'ENODATA',
    ]);
    for (const fence of fences) fence.put();
  });

  test('is an ordinary one: callbacks, waitAny, waitAll, merges', async () => {
    const { here, owner } = await pair();
    using one = here.fenceAt(1);
    using two = here.fenceAt(2);
    const order: string[] = [];
    one.addCallback(() => void order.push('one'));
    two.addCallback(() => void order.push('two'));
    using merged = mergeFences([one, two]);
    const any = waitAny([two, one]);
    const all = waitAll([one, two, merged]);
    await owner.advanceTo(2);
    expect(await world.settle(any)).toBe(1);
    await all;
    expect(order).toEqual(['one', 'two']);
  });

  test('of a merge over a dead owner fails with ECANCELED', async () => {
    const { a, here } = await pair();
    await here.reserve(2);
    using one = here.fenceAt(1);
    using two = here.fenceAt(2);
    using merged = mergeFences([one, two]);
    const waited = codeOf(merged.wait());
    a.cut();
    expect(await world.settle(waited)).toBe('ECANCELED');
  });

  test('resolves for waitAll over passed, pending and failed values alike', async () => {
    const { here, owner } = await pair();
    await owner.advanceTo(1);
    await owner.advanceTo(2, 'ENODATA');
    await here.refresh();
    const fences = [1, 2, 3].map((value) => here.fenceAt(value));
    expect(await codeOf(waitAll(fences))).toBe('ENODATA');
    expect(await waitAny(fences)).toBe(0);
    for (const fence of fences) fence.put();
  });

  test('that is made between an advance and the watch is not lost, at any moment', async () => {
    for (let moment = 0; moment < 12; moment++) {
      const { cluster } = await world.process();
      const other = await world.process();
      const names = { ...NAMES, timelineName: String(moment) };
      const owner = await (await cluster.timeline(names)).own();
      const here = await other.cluster.timeline(names);
      const said = owner.advanceTo(1);
      for (let i = 0; i < moment; i++) await Promise.resolve();
      using fence = here.fenceAt(1);
      await world.settle(fence.wait(), 1000);
      await said;
    }
  });

  test('stays pending while nobody answers, and timeoutMs still ends the wait', async () => {
    const { b, here, owner } = await pair();
    using fence = here.fenceAt(1);
    b.cut();
    const limited = codeOf(fence.wait({ timeoutMs: 30_000 }));
    const unlimited = fence.wait();
    await owner.advanceTo(1);
    await world.clock.advance(29_999);
    expect(fence.signaled).toBe(false);
    await world.clock.advance(1);
    expect(await limited).toBe('ETIME');
    b.heal();
    await world.settle(unlimited, 3000);
  });

  test('learns the last advance within a check when every watch lost it', async () => {
    const deaf = await world.process({}, ({ method }) =>
      method === 'changed' || method === 'watch' ? 'lost' : undefined,
    );
    const { there, owner } = await pair();
    const here = await deaf.cluster.timeline(NAMES);
    using fence = here.fenceAt(1);
    const waited = fence.wait();
    await world.clock.advance(10);
    await owner.advanceTo(1);
    await world.settle(waited, 2100);
    expect(there.value).toBe(1);
  });

  test('lands on the last of ten thousand advances that were made while it was cut off', async () => {
    const { b, here, owner } = await pair();
    using fence = here.fenceAt(10_000);
    const waited = fence.wait();
    b.cut();
    for (let value = 1; value <= 10_000; value++) void owner.advanceTo(value);
    await owner.advanceTo(10_000);
    b.heal();
    await world.settle(waited, 3000);
  });

  test('asks nobody once nobody waits', async () => {
    let calls = 0;
    const counted = await world.process({}, () => {
      calls++;
      return undefined;
    });
    const { owner } = await pair();
    const here = await counted.cluster.timeline(NAMES);
    using fence = here.fenceAt(1);
    const waited = fence.wait();
    await owner.advanceTo(1);
    await world.settle(waited);
    const before = calls;
    await owner.advanceTo(2);
    await world.clock.advance(60_000);
    expect(calls).toBe(before);
    expect(here.value).toBe(1);
    await here.refresh();
    expect(here.value).toBe(2);
  });
});

describe('reserve()', () => {
  test('gives each number once, in whatever process, and a run for a count', async () => {
    const a = await (await world.process()).cluster.timeline(NAMES);
    const b = await (await world.process()).cluster.timeline(NAMES);
    expect(await a.reserve()).toBe(1);
    expect(await b.reserve(3)).toBe(2);
    expect(await a.reserve()).toBe(5);
  });

  test('never gives a number that the owner has passed', async () => {
    const a = await (await world.process()).cluster.timeline(NAMES);
    const b = await (await world.process()).cluster.timeline(NAMES);
    const owner = await a.own();
    await owner.advanceTo(7);
    expect(await b.reserve(2)).toBe(8);
    expect(await a.reserve()).toBe(10);
  });

  test.each([0, -1, 1.5, Number.NaN, '1'])('refuses %s', async (count) => {
    const timeline = await (await world.process()).cluster.timeline(NAMES);
    expect(await codeOf(timeline.reserve(count as number))).toBe('EINVAL');
  });

  test('past the last exact number rejects with EINVAL', async () => {
    const timeline = await (await world.process()).cluster.timeline(NAMES);
    expect(await codeOf(timeline.reserve(Number.MAX_SAFE_INTEGER + 1))).toBe('EINVAL');
    await timeline.reserve(Number.MAX_SAFE_INTEGER);
    expect(await codeOf(timeline.reserve())).toBe('EINVAL');
  });
});

describe('when the record is lost', () => {
  /** An engine whose keys can be taken away. */
  async function lossy() {
    let lost = false;
    const { engine } = world;
    const end: ClusterEngine = {
      promise: 'process',
      read: (key) => engine.read(lost ? `${key}!` : key),
      compareAndSet: (key, from, data) => engine.compareAndSet(lost ? `${key}!` : key, from, data),
      add: (key, count) => engine.add(key, count),
      watch: (key, changed) => engine.watch(key, changed),
      lease: (ms) => engine.lease(ms),
      alive: (lease) => engine.alive(lease),
    };
    const cluster = await FenceCluster.connect(end);
    return {
      cluster,
      lose: () => {
        lost = true;
      },
    };
  }

  test('what is pending fails with EIO, for all, and a new timeline of that name begins', async () => {
    const { cluster, lose } = await lossy();
    const timeline = await cluster.timeline(NAMES);
    const owner = await timeline.own();
    await owner.advanceTo(1);
    using passed = timeline.fenceAt(1);
    using fence = timeline.fenceAt(2);
    const waited = codeOf(fence.wait());
    lose();
    expect(await world.settle(waited, 3000)).toBe('EIO');
    expect(outcome(passed)).toBe('signaled');
    expect(owner.lost.aborted).toBe(true);
    expect(await codeOf(owner.advanceTo(2))).toBe('EIO');
    expect(await codeOf(timeline.reserve())).toBe('EIO');
    expect(await codeOf(timeline.own())).toBe('EIO');
    using late = timeline.fenceAt(3);
    expect(outcome(late)).toBe('EIO');
    const again = await cluster.timeline(NAMES);
    expect(again).not.toBe(timeline);
    expect(again.context.uid).not.toBe(timeline.context.uid);
    expect(await again.reserve()).toBe(1);
    await cluster[Symbol.asyncDispose]();
  });

  test('an old read that has no record convicts nobody', async () => {
    let old = false;
    const { cluster } = await world.process({}, ({ method }) =>
      old && method === 'read' ? 'old' : undefined,
    );
    const timeline = await cluster.timeline(NAMES);
    const owner = await timeline.own();
    using fence = timeline.fenceAt(2);
    const waited = fence.wait();
    await owner.advanceTo(1);
    old = true;
    await world.clock.advance(5000);
    old = false;
    expect(outcome(fence)).toBe('pending');
    await owner.advanceTo(2);
    await waited;
  });
});

describe('when the engine goes back', () => {
  test('the owner says it again, a warning names the timeline, and a waiter forgets nothing', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const { engine } = world;
    const { cluster } = await world.process();
    const timeline = await cluster.timeline(NAMES);
    const owner = await timeline.own();
    await owner.advanceTo(1);
    const saved = (await engine.read('farm.frames'))?.data as Uint8Array;
    await owner.advanceTo(2, 'ENODATA');
    await owner.advanceTo(3);
    await engine.compareAndSet('farm.frames', (await engine.read('farm.frames'))?.version, saved);
    using fence = timeline.fenceAt(4);
    const waited = fence.wait();
    const said = owner.advanceTo(4);
    await world.settle(said);
    await waited;
    expect(warned.mock.calls.map(([message]) => message as string)).toEqual([
      expect.stringMatching(/^cluster timeline farm:frames:\d+: the engine went back from value 3 to 1/),
    ]);
    warned.mockRestore();
    const other = await (await world.process()).cluster.timeline(NAMES);
    const fences = [1, 2, 3, 4].map((value): DmaFence => other.fenceAt(value));
    expect(fences.map(outcome)).toEqual(['signaled', 'ENODATA', 'signaled', 'signaled']);
    for (const each of fences) each.put();
  });
});

describe('disposing', () => {
  test('of a timeline, as often as it was asked for, fails what is pending here and leaves others alone', async () => {
    const a = await world.process();
    const b = await world.process();
    const one = await a.cluster.timeline(NAMES);
    await a.cluster.timeline(NAMES);
    const two = await b.cluster.timeline(NAMES);
    const owner = await two.own();
    using here = one.fenceAt(1);
    using there = two.fenceAt(1);
    await one[Symbol.asyncDispose]();
    expect(outcome(here)).toBe('pending');
    await one[Symbol.asyncDispose]();
    expect(outcome(here)).toBe('ECANCELED');
    await one[Symbol.asyncDispose]();
    expect(await codeOf(one.reserve())).toBe('ECANCELED');
    await owner.advanceTo(1);
    expect(outcome(there)).toBe('signaled');
    expect(await a.cluster.timeline(NAMES)).not.toBe(one);
  });

  test('of a cluster gives up what it owns, fails what waits here, and leaves no timer', async () => {
    const a = await world.process();
    const b = await world.process();
    const one = await a.cluster.timeline(NAMES);
    await one.own();
    const two = await b.cluster.timeline(NAMES);
    await two.reserve(2);
    using mine = one.fenceAt(1);
    using theirs = two.fenceAt(2);
    const waited = codeOf(theirs.wait());
    const own = codeOf(mine.wait());
    await world.settle(a.cluster[Symbol.asyncDispose]());
    expect(await own).toBe('ECANCELED');
    expect(await world.settle(waited, 100)).toBe('ECANCELED');
    await world.settle(b.cluster[Symbol.asyncDispose]());
    await b.cluster[Symbol.asyncDispose]();
    expect(world.clock.timers).toBe(0);
  });

  test('of a cluster that cannot reach its engine ends when its lease does', async () => {
    const a = await world.process();
    const timeline = await a.cluster.timeline(NAMES);
    const owner = await timeline.own();
    a.cut();
    const said = codeOf(owner.advanceTo(1));
    await world.settle(a.cluster[Symbol.asyncDispose](), 6000);
    expect(await said).toBe('ECANCELED');
  });
});
