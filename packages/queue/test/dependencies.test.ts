import { DmaFenceContext, fenceArray, SyncObject, type DmaFence } from '@dma-fence/core';
import { describe, expect, test } from 'vitest';
import { code, fence, queueOf, thrown, Unit } from './support.js';

test('are borrowed: a reference is held until they are over, and no longer', () => {
  const queue = queueOf();
  const [a, b] = [fence(), fence()];
  using job = queue.submit(() => 1, { after: new Set([a, b, a]) });
  expect([a.refCount, b.refCount]).toEqual([2, 2]);
  a.signal();
  expect([a.refCount, b.refCount, job.status]).toEqual([1, 2, 'waiting']);
  b.signal();
  expect([b.refCount, job.status]).toEqual([1, 'finished']);
});

test('are a snapshot: the iterable is read once, when the job is made', () => {
  let reads = 0;
  const blocker = fence();
  const after = {
    *[Symbol.iterator]() {
      reads++;
      yield blocker;
    },
  };
  using job = queueOf().job(() => 1, { after });
  job.arm();
  job.push();
  expect(reads).toBe(1);
  blocker.signal();
  expect(job.status).toBe('finished');
});

test('that are over cost nothing and hold up nothing', () => {
  const done = fence();
  done.signal();
  expect(queueOf().submit(() => 1, { after: [done] }).status).toBe('finished');
  expect(done.refCount).toBe(1);
});

describe('errors', () => {
  test('are handed on: the same object, at once, transitively, without running', () => {
    const queue = queueOf();
    const [bad, pending] = [fence(), fence()];
    const log: string[] = [];
    using a = queue.submit(() => log.push('a'), { after: [bad, pending] });
    using b = queueOf().submit(() => log.push('b'), { after: [a] });
    bad.fail('ENODATA');
    expect([a.finished.error, b.finished.error, b.scheduled.error, log]).toEqual([
      bad.error,
      bad.error,
      bad.error,
      [],
    ]);
    expect(pending.refCount).toBe(1);
  });

  test('the first in order of signalling counts, also among those that have failed before', () => {
    const queue = queueOf();
    const [first, second] = [fence(), fence()];
    first.fail('ENODATA');
    second.fail('EIO');
    using job = queue.submit(() => 1, { after: [second, first] });
    expect(job.finished.error).toBe(first.error);
  });

  test('are ignored with run', () => {
    const queue = queueOf();
    const [before, later] = [fence(), fence()];
    before.fail('EIO');
    using job = queue.submit(() => 7, { after: [before, later], onDependencyError: 'run' });
    expect(job.status).toBe('waiting');
    later.fail('EIO');
    expect(job.status).toBe('finished');
  });

  test('of jobs that were canceled before they were armed count as well', () => {
    const queue = queueOf();
    using a = queue.job(() => 1);
    a.cancel();
    a.arm();
    using b = queue.submit(() => 1, { after: [a] });
    expect(b.finished.error).toBe(a.finished.error);
  });
});

describe('of one context', () => {
  const context = (): { fences: (DmaFence & { signal(): boolean; fail(code: 'EIO'): boolean })[] } => {
    const own = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
    return { fences: [own.createFence(), own.createFence(), own.createFence()] };
  };

  test('the last decides when', () => {
    const { fences } = context();
    const [a, b, c] = fences as [(typeof fences)[0], (typeof fences)[0], (typeof fences)[0]];
    using job = queueOf().submit(() => 1, { after: [c, a, b] });
    c.signal();
    expect([job.status, a.refCount, b.refCount, c.refCount]).toEqual(['finished', 1, 1, 1]);
    for (const fence of fences) {
      fence.signal();
      fence.put();
    }
  });

  test('the error of every one counts, at once', () => {
    const { fences } = context();
    const [a, b, c] = fences as [(typeof fences)[0], (typeof fences)[0], (typeof fences)[0]];
    using job = queueOf().submit(() => 1, { after: [a, b, c] });
    a.signal();
    expect(job.status).toBe('waiting');
    b.fail('EIO');
    expect(job.finished.error).toBe(b.error);
    using late = queueOf().submit(() => 1, { after: [b, c] });
    expect(late.finished.error).toBe(b.error);
    for (const fence of fences) {
      fence.signal();
      fence.put();
    }
  });
});

describe('points of sync objects', () => {
  test('a point that is not there yet is waited for', () => {
    using pictures = new SyncObject();
    const blocker = fence();
    const queue = queueOf();
    using job = queue.submit(() => 1, { after: [{ syncObject: pictures, point: 2 }] });
    using plain = queue.submit(() => 1, { after: [{ syncObject: pictures }] });
    pictures.addPoint(1, blocker);
    expect([job.status, plain.status]).toEqual(['waiting', 'waiting']);
    pictures.addPoint(2, blocker);
    blocker.signal();
    expect([job.status, plain.status]).toEqual(['finished', 'finished']);
  });

  test('one that is there is a snapshot', () => {
    using slot = new SyncObject();
    const [before, after] = [fence(), fence()];
    slot.replace(before);
    using job = queueOf().submit(() => 1, { after: [{ syncObject: slot }] });
    slot.replace(after);
    before.signal();
    expect(job.status).toBe('finished');
  });

  test('one that comes signaled, or failed, counts at once', () => {
    using slot = new SyncObject();
    const queue = queueOf();
    const bad = fence();
    bad.fail('EIO');
    using job = queue.submit(() => 1, { after: [{ syncObject: slot }] });
    using done = queue.submit(() => 1, { after: [{ syncObject: slot }], onDependencyError: 'run' });
    slot.replace(bad);
    expect([job.finished.error, done.status]).toEqual([bad.error, 'finished']);
  });

  test('a sync object that is disposed of before: ECANCELED', () => {
    const slot = new SyncObject();
    const queue = queueOf();
    using job = queue.submit(() => 1, { after: [{ syncObject: slot, point: 3 }] });
    using anyway = queue.submit(() => 1, { after: [{ syncObject: slot }], onDependencyError: 'run' });
    slot[Symbol.dispose]();
    expect([job.finished.error?.code, anyway.status]).toEqual(['ECANCELED', 'finished']);
  });

  test('a job that is canceled leaves nothing with the sync object', () => {
    using slot = new SyncObject();
    using job = queueOf().submit(() => 1, { after: [{ syncObject: slot }] });
    job.cancel();
    const late = fence();
    slot.replace(late);
    expect(late.refCount).toBe(2);
    slot.reset();
  });
});

test('containers are armed, and their error is handed on', () => {
  const [a, b] = [fence(), fence()];
  using both = fenceArray([a, b]);
  using job = queueOf().submit(() => 1, { after: [both] });
  a.signal();
  expect(job.status).toBe('waiting');
  b.fail('EIO');
  expect(job.finished.error).toBe(b.error);
});

test('an exporter that signals while it is asked is heard', () => {
  const own = new DmaFenceContext({
    driverName: 'gpu',
    timelineName: 'ring0',
    ops: { enableSignaling: () => false },
  });
  using done = own.createFence();
  expect(queueOf().submit(() => 1, { after: [done] }).status).toBe('finished');
});

describe('refused, before anything has changed', () => {
  test('itself, a job that is not armed, a fence that is gone, and anything else', () => {
    const queue = queueOf();
    using job = queue.job(() => 1, { name: 'job' });
    using other = queue.job(() => 1, { name: 'other' });
    expect(thrown(() => job.addDependency(job))).toMatchObject({
      code: 'EINVAL',
      message: 'job "job" of app:jobs: cannot depend on itself; name another job',
    });
    expect(thrown(() => job.addDependency(other))).toMatchObject({
      code: 'EINVAL',
      message:
        'job "job" of app:jobs: depends on job "other" of app:jobs, which is not armed yet; arm() or submit it first',
    });
    const gone = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' }).createFence();
    gone.signal();
    gone.put();
    const held = fence();
    for (const bad of [gone, 7, undefined, null, {}, { syncObject: {} }, new SyncObject()]) {
      expect(code(() => queue.submit(() => 1, { after: [held, bad as never] }))).toBe('EINVAL');
    }
    expect([held.refCount, queue.waiting]).toEqual([1, 0]);
  });

  test('bad options name job, queue and way out', () => {
    const queue = queueOf();
    const bad = (options: object): string => code(() => queue.submit(() => 1, options));
    for (const options of [
      { name: 7 },
      { priority: 'urgent' },
      { priority: 5 },
      { timeout: 5 },
      { credits: -1 },
      { credits: 0.5 },
      { credits: 2 },
      { onDependencyError: 'ignore' },
      { timeoutMs: 0 },
      { timeoutMs: NaN },
      { timeoutMs: '5' },
      { deadline: NaN },
      { deadline: '5' },
      { signal: {} },
      { signal: null },
      { after: 7 },
      { after: null },
    ]) {
      expect([options, bad(options)]).toEqual([options, 'EINVAL']);
    }
    expect(code(() => queue.submit(7 as never))).toBe('EINVAL');
    expect(code(() => queue.submit(() => 1, null as never))).toBe('EINVAL');
    expect(thrown(() => queue.submit(() => 1, { name: 'a', credits: 5 }))).toMatchObject({
      message: 'job "a" of app:jobs: takes 5 credits, and the queue has 1; give the queue more',
    });
    expect([queue.waiting, queue.running]).toEqual([0, 0]);
  });
});

test('a job may depend on another one of the same stream', () => {
  const unit = new Unit();
  using entity = queueOf({ credits: 2 }).entity();
  using a = entity.submit(unit.run, { name: 'a' });
  using b = entity.submit(unit.run, { name: 'b', after: [a, a.finished, a.scheduled] });
  unit.end('a');
  expect(b.status).toBe('running');
});
