import { addFenceTracer, SyncObject, type DmaFence } from '@dma-fence/core';
import { dumpFences, pendingFences, trackFences } from '@dma-fence/core/debug';
import { lockdep, type LockdepReport } from '@dma-fence/core/lockdep';
import type { Job, JobQueue } from '@dma-fence/queue';
import { describe, expect, test } from 'vitest';
import { fence, forTest, gate, queueOf, turn, Unit } from './support.js';

describe('a dump says what a job waits for', () => {
  const waits = (of: DmaFence): string | undefined =>
    pendingFences().find(({ name }) => name === of.name)?.waitsFor;

  test('its first dependency that is not over, a point, the job before it, the credits, a pause, the push', () => {
    using _tracking = trackFences();
    const unit = new Unit();
    const queue = queueOf({ credits: 2 });
    const blocker = fence();
    using slot = new SyncObject();
    using held = queue.submit(unit.run, { name: 'held' });
    using first = queue.submit(() => 1, { after: [blocker] });
    using second = queue.submit(() => 1, { after: [first] });
    using point = queue.submit(() => 1, { after: [{ syncObject: slot, point: 3 }] });
    using other = queue.submit(unit.run, { name: 'other' });
    using credits = queue.submit(() => 1);
    using entity = queue.entity();
    using armed = entity.job(() => 1);
    armed.arm();
    using behind = entity.submit(() => 1);
    using dead = entity.submit(() => 1);
    dead.cancel();
    expect(waits(held.finished)).toBe(unit.fence('held').name);
    expect(waits(first.finished)).toBe(blocker.name);
    expect(waits(first.scheduled)).toBe(blocker.name);
    expect(waits(second.finished)).toBe(first.finished.name);
    expect(waits(point.finished)).toBe('point 3 of a sync object, not submitted yet');
    expect(waits(other.finished)).toBe(unit.fence('other').name);
    expect(waits(credits.finished)).toBe('credits of app:jobs, held by held, other');
    expect(waits(armed.finished)).toBe('push() of the job');
    expect(waits(behind.finished)).toBe(armed.finished.name);
    expect(waits(dead.finished)).toBe(behind.finished.name);
    expect(dumpFences(() => undefined)).toContain('credits of app:jobs, held by held, other');
    slot.signal(3);
    queue.cancel();
    armed.cancel();
  });

  test('the end of a pause, nothing while it runs, and no more than three holders', () => {
    using _tracking = trackFences();
    const unit = new Unit();
    const queue = queueOf({ credits: 5 });
    for (const name of ['a', 'b', 'c', 'd', 'e']) queue.submit(unit.run, { name });
    using credits = queue.submit(() => 1);
    expect(waits(credits.finished)).toBe('credits of app:jobs, held by a, b, c and 2 more');
    const { promise, open } = gate();
    const paused = queueOf({ timelineName: 'paused' });
    using running = paused.submit(() => promise);
    {
      using _pause = paused.pause();
      using waiting = paused.submit(() => 1);
      expect(waits(waiting.finished)).toBe('the end of a pause');
    }
    expect(waits(running.finished)).toBeUndefined();
    open();
  });
});

describe('the validator', () => {
  function watch(): LockdepReport[] {
    const reports: LockdepReport[] = [];
    forTest(lockdep.enable({ onReport: (report) => reports.push(report) }));
    return reports;
  }

  test('reports work that waits for a job of its own queue, with both stacks, on a run where nothing hangs', async () => {
    const reports = watch();
    const queue = queueOf({ credits: 2 });
    const { promise, open } = gate();
    using inner = queue.submit(() => promise, { name: 'inner' });
    using outer = queue.submit(async () => {
      const waiting = inner.result();
      open();
      await waiting;
    });
    await outer.finished.wait();
    expect(reports).toMatchObject([
      { kind: 'lock-order', names: ['credits of app:jobs', expect.any(String)] },
    ]);
    expect(reports[0]?.places.map(({ stack }) => stack.length > 0)).toEqual([true, true]);
  });

  test('also through the finished fence, another queue, and a job elsewhere that depends on one', async () => {
    const waits: ((queue: JobQueue) => Job)[] = [
      (queue) => queue.submit(turn),
      (queue) => queueOf({ timelineName: 'other' }).submit(turn, { after: [queue.submit(turn)] }),
    ];
    for (const make of waits) {
      const reports = watch();
      const queue = queueOf({ credits: 2 });
      using job = queue.submit(async () => {
        await turn();
        using other = make(queue);
        await other.finished.wait();
      });
      await job.finished.wait();
      await queue.idle();
      expect(reports.map(({ kind }) => kind)).toEqual(['lock-order']);
    }
  });

  test('reports a wait for room, and for the queue to be idle, in its own work', async () => {
    const reports = watch();
    const queue = queueOf({ credits: 2 });
    queue.submit(async () => {
      await queue.idle({ timeoutMs: 1 }).catch(() => undefined);
    });
    await queue.idle();
    expect(reports.map(({ names }) => names)).toEqual([['credits of app:jobs', 'queue app:jobs: idle()']]);
  });

  test('reports nothing of work that waits for jobs of other queues, or reads results that are there', async () => {
    const reports = watch();
    const [queue, other] = [queueOf({ credits: 2 }), queueOf({ timelineName: 'other' })];
    const before = queue.submit(() => 7);
    using job = queue.submit(
      async () => {
        await other.submit(turn).result();
        return before.result();
      },
      { after: [before] },
    );
    expect(await job.result()).toBe(7);
    expect(reports).toEqual([]);
  });

  test('takes work that begins inside of a callback for no part of it', async () => {
    const reports = watch();
    const queue = queueOf();
    const [cause, other] = [fence(), fence()];
    cause.addCallback(() => {
      queue.submit(() => other.wait());
    });
    cause.signal();
    other.signal();
    await queue.idle();
    expect(reports).toEqual([]);
  });
});

test('a tracer hears of the dependencies of a job', () => {
  const told: [string, string][] = [];
  using _tracing = addFenceTracer({
    dependency: (fence, on) => void told.push([fence.context.timelineName, on.name]),
  });
  const [a, b] = [fence(), fence()];
  using slot = new SyncObject();
  using entity = queueOf({ credits: 2 }).entity();
  using first = entity.submit(() => 1, { after: [a, b] });
  using second = entity.submit(() => 1, { after: [first, { syncObject: slot }] });
  slot.replace(a);
  expect(told).toEqual([
    ['jobs', a.name],
    ['jobs', b.name],
    ['jobs', first.finished.name],
    ['jobs', a.name],
  ]);
  expect(second.status).toBe('waiting');
});
