import { FenceError } from '@dma-fence/core';
import { describe, expect, test } from 'vitest';
import { codeOf, NAMES, outcome, useWorld } from './support.js';

const world = useWorld();

async function owned(options = {}) {
  const process = await world.process(options);
  const timeline = await process.cluster.timeline(NAMES);
  return { ...process, timeline, owner: await timeline.own() };
}

describe('own()', () => {
  test('gives one owner; a second one is refused with EBUSY, here and elsewhere', async () => {
    const { timeline } = await owned();
    const other = await (await world.process()).cluster.timeline(NAMES);
    expect(await codeOf(timeline.own())).toBe('EBUSY');
    expect(await codeOf(other.own())).toBe('EBUSY');
    expect(other.ownedBy).toBe(timeline.ownedBy);
  });

  test('twice at once in one process gives one owner', async () => {
    const { cluster } = await world.process();
    const timeline = await cluster.timeline(NAMES);
    const codes = await Promise.all([codeOf(timeline.own()), codeOf(timeline.own())]);
    expect(codes).toEqual([undefined, 'EBUSY']);
  });

  test('by two processes at once gives one owner', async () => {
    const timelines = await world.settle(
      Promise.all([1, 2, 3].map(async () => (await world.process()).cluster.timeline(NAMES))),
    );
    const codes = await world.settle(Promise.all(timelines.map((timeline) => codeOf(timeline.own()))));
    expect(codes.toSorted()).toEqual(['EBUSY', 'EBUSY', undefined]);
  });

  test('takes over from a dead owner, whose debts have failed then', async () => {
    const { cut, owner } = await owned();
    const other = await (await world.process()).cluster.timeline(NAMES);
    await other.reserve(3);
    await owner.advanceTo(1);
    cut();
    await world.clock.advance(5001);
    const next = await other.own();
    expect(other.value).toBe(3);
    using fence = other.fenceAt(2);
    expect(outcome(fence)).toBe('ECANCELED');
    await next.advanceTo(4);
    expect(other.value).toBe(4);
  });

  test('rejects with EAGAIN while the engine cannot be reached', async () => {
    const process = await world.process();
    const timeline = await process.cluster.timeline(NAMES);
    process.cut();
    expect(await world.settle(codeOf(timeline.own()))).toBe('EAGAIN');
    process.heal();
    const owner = await timeline.own();
    await owner.advanceTo(1);
  });
});

describe('advanceTo()', () => {
  test.each([-1, 1.5, Number.NaN, '1'])('refuses %s', async (value) => {
    const { owner } = await owned();
    expect(await codeOf(owner.advanceTo(value as number))).toBe('EINVAL');
  });

  test('refuses what is no error, and goes back for nobody', async () => {
    const { owner } = await owned();
    expect(await codeOf(owner.advanceTo(1, 'ENONSENSE' as 'EIO'))).toBe('EINVAL');
    expect(await codeOf(owner.advanceTo(1, 7 as unknown as Error))).toBe('EINVAL');
    await owner.advanceTo(3);
    expect(await codeOf(owner.advanceTo(2))).toBe('EINVAL');
    expect(await codeOf(owner.advanceTo(3))).toBeUndefined();
  });

  test.each([
    [new FenceError('ENOSPC', 'full'), 'ENOSPC'],
    [Object.assign(new Error('x'), { name: 'AbortError' }), 'ECANCELED'],
    [Object.assign(new Error('x'), { name: 'TimeoutError' }), 'ETIME'],
    [new TypeError('x'), 'EIO'],
  ])('sends %s as its code', async (error, code) => {
    const { owner, timeline } = await owned();
    using fence = timeline.fenceAt(1);
    await owner.advanceTo(1, error);
    expect(outcome(fence)).toBe(code);
  });

  test('merges what is said while a write is under way, and keeps errors apart', async () => {
    let writes = 0;
    const process = await world.process({}, ({ method }) => {
      if (method === 'compareAndSet') writes++;
      return undefined;
    });
    const timeline = await process.cluster.timeline(NAMES);
    const owner = await timeline.own();
    writes = 0;
    const said = Array.from({ length: 1000 }, (_, i) =>
      owner.advanceTo(i + 1, i === 499 ? 'ENODATA' : undefined),
    );
    expect(new Set(said.slice(1)).size).toBe(1);
    await Promise.all(said);
    expect(writes).toBe(2);
    const fences = [499, 500, 501].map((value) => timeline.fenceAt(value));
    expect(fences.map(outcome)).toEqual(['signaled', 'ENODATA', 'signaled']);
    for (const fence of fences) fence.put();
  });

  test('is told to the process only once it is acknowledged', async () => {
    const { owner, timeline, cut, heal } = await owned();
    using fence = timeline.fenceAt(1);
    cut();
    const said = owner.advanceTo(1);
    await world.clock.advance(3000);
    expect(fence.signaled).toBe(false);
    heal();
    await world.settle(said, 1000);
    expect(fence.signaled).toBe(true);
  });

  test('writes a long backlog of errors in slices, so that a process that looks on forgets none', async () => {
    const { owner, timeline, cut, heal } = await owned({ errorSlots: 4 });
    const seen: string[] = [];
    const other = await (await world.process()).cluster.timeline(NAMES);
    const fences = Array.from({ length: 40 }, (_, i) => other.fenceAt(i + 1));
    for (const fence of fences) fence.addCallback((done) => void seen.push(outcome(done)));
    await world.clock.advance(100);
    cut();
    for (let value = 1; value <= 40; value++)
      void owner.advanceTo(value, value % 2 === 0 ? 'ENODATA' : undefined);
    await world.clock.advance(1000);
    heal();
    await world.settle(owner.advanceTo(40));
    await other.refresh();
    expect(seen).toEqual(Array.from({ length: 40 }, (_, i) => (i % 2 === 1 ? 'ENODATA' : 'signaled')));
    expect(timeline.value).toBe(40);
    for (const fence of fences) fence.put();
  });

  test('from a callback of its own fences goes on in order', async () => {
    const { owner, timeline } = await owned();
    using one = timeline.fenceAt(1);
    const said: Promise<void>[] = [];
    one.addCallback(() => void said.push(owner.advanceTo(2)));
    await owner.advanceTo(1);
    await Promise.all(said);
    expect(timeline.value).toBe(2);
  });

  test('that nobody listens to is no unhandled rejection', async () => {
    const { owner } = await owned();
    void owner.advanceTo(1);
    void owner.advanceTo(2);
    await owner[Symbol.asyncDispose]();
  });
});

describe('an owner', () => {
  test('that is stopped beyond its lease is convicted, and what it says when it goes on is refused', async () => {
    const { owner, timeline, cut, heal } = await owned();
    const other = await (await world.process()).cluster.timeline(NAMES);
    await other.reserve(5);
    await owner.advanceTo(2);
    using fence = other.fenceAt(3);
    const waited = codeOf(fence.wait());
    cut();
    const zombie = codeOf(owner.advanceTo(3));
    expect(await world.settle(waited, 5500)).toBe('ECANCELED');
    expect(owner.lost.aborted).toBe(true);
    heal();
    expect(await world.settle(zombie)).toBe('ECANCELED');
    expect(await codeOf(owner.advanceTo(4))).toBe('ECANCELED');
    await timeline.refresh();
    const results = [1, 2, 3, 4, 5].map((value) => timeline.fenceAt(value));
    expect(results.map(outcome)).toEqual(['signaled', 'signaled', 'ECANCELED', 'ECANCELED', 'ECANCELED']);
    for (const each of results) each.put();
  });

  test('is told by lost before anybody can convict it', async () => {
    const { owner, cut } = await owned();
    let lostAt = 0;
    owner.lost.addEventListener('abort', () => {
      lostAt = world.clock.now();
    });
    cut();
    const id = (await world.engine.read('farm.frames'))?.data;
    const { owner: lease } = JSON.parse(new TextDecoder().decode(id)) as { owner: string };
    while (await world.engine.alive(lease)) await world.clock.advance(10);
    expect(lostAt).toBeGreaterThan(0);
    expect(lostAt).toBeLessThan(world.clock.now());
  });

  test('that was cut off for less than its lease goes on as if nothing had been', async () => {
    const { owner, timeline, cut, heal } = await owned();
    cut();
    const said = owner.advanceTo(1);
    await world.clock.advance(3000);
    heal();
    await world.settle(said, 1000);
    expect(owner.lost.aborted).toBe(false);
    await owner.advanceTo(2);
    expect(timeline.value).toBe(2);
  });

  test('that was accused while it lives is refused, and everybody agrees', async () => {
    const { owner, timeline } = await owned();
    let accuse = false;
    const judge = await world.process({}, ({ method }) =>
      accuse && method === 'alive' ? 'accused' : undefined,
    );
    const other = await judge.cluster.timeline(NAMES);
    await other.reserve(2);
    using there = other.fenceAt(2);
    using here = timeline.fenceAt(2);
    const waited = Promise.all([codeOf(there.wait()), codeOf(here.wait())]);
    accuse = true;
    expect(await world.settle(waited, 3000)).toEqual(['ECANCELED', 'ECANCELED']);
    expect(await codeOf(owner.advanceTo(2))).toBe('ECANCELED');
    expect(owner.lost.aborted).toBe(true);
  });

  test('that is disposed of writes what it said, fails what it owes, and leaves the timeline to others', async () => {
    const { owner, timeline } = await owned();
    const other = await (await world.process()).cluster.timeline(NAMES);
    await other.reserve(3);
    using fence = other.fenceAt(3);
    const waited = codeOf(fence.wait());
    const said = owner.advanceTo(1);
    await owner[Symbol.asyncDispose]();
    await said;
    expect(await world.settle(waited, 100)).toBe('ECANCELED');
    using first = other.fenceAt(1);
    expect(outcome(first)).toBe('signaled');
    expect(owner.lost.aborted).toBe(true);
    await owner[Symbol.asyncDispose]();
    expect(await codeOf(owner.advanceTo(9))).toBe('ECANCELED');
    const next = await other.own();
    expect(await other.reserve()).toBe(4);
    await next.advanceTo(4);
    await timeline.refresh();
    expect(timeline.value).toBe(4);
  });

  test('can be had again by the same process', async () => {
    const { owner, timeline } = await owned();
    await owner.advanceTo(1);
    await owner[Symbol.asyncDispose]();
    const again = await timeline.own();
    await again.advanceTo(2);
    expect(timeline.value).toBe(2);
  });

  test('whose lease was lost can be had again with a new one', async () => {
    const { owner, timeline, cut, heal } = await owned();
    cut();
    await world.clock.advance(6000);
    expect(owner.lost.aborted).toBe(true);
    heal();
    await world.clock.advance(1000);
    const again = await world.settle(timeline.own());
    await again.advanceTo(1);
    expect(timeline.value).toBe(1);
  });
});

describe('cancel()', () => {
  test('fails everything above the value for everybody, for ever, after what was said before', async () => {
    const { owner, timeline, cluster } = await owned();
    const other = await (await world.process()).cluster.timeline(NAMES);
    using fence = other.fenceAt(2);
    const waited = codeOf(fence.wait());
    void owner.advanceTo(1);
    await owner.cancel('ENODEV');
    expect(await world.settle(waited)).toBe('ENODEV');
    expect(timeline.value).toBe(1);
    using late = timeline.fenceAt(5);
    expect(outcome(late)).toBe('ENODEV');
    expect(await codeOf(owner.advanceTo(3))).toBe('ECANCELED');
    expect(await codeOf(timeline.reserve())).toBe('ENODEV');
    expect(await codeOf(other.own())).toBe('ENODEV');
    const third = await (await world.process()).cluster.timeline(NAMES);
    using later = third.fenceAt(2);
    expect(outcome(later)).toBe('ENODEV');
    expect(await cluster.timeline(NAMES)).toBe(timeline);
  });

  test('refuses what is no error, and after an end', async () => {
    const { owner } = await owned();
    expect(await codeOf(owner.cancel('ENONSENSE' as 'EIO'))).toBe('EINVAL');
    await owner.cancel();
    expect(await codeOf(owner.cancel())).toBe('ECANCELED');
  });

  test('of an owner that was convicted meanwhile does not count', async () => {
    const { owner, timeline, cut, heal } = await owned();
    const other = await (await world.process()).cluster.timeline(NAMES);
    cut();
    const canceled = codeOf(owner.cancel('ENODEV'));
    await world.clock.advance(5500);
    const next = await other.own();
    heal();
    expect(await world.settle(canceled)).toBe('ECANCELED');
    await next.advanceTo(1);
    await timeline.refresh();
    expect(timeline.value).toBe(1);
  });
});
