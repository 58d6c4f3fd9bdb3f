import type { JobPriority } from '@dma-fence/queue';
import { virtualClock } from '@dma-fence/core/testing';
import { describe, expect, test } from 'vitest';
import { queueOf, Unit } from '../support.js';

// The scheduler's own tests, drivers/gpu/drm/scheduler/tests, retold: each case by its name there.

describe('drm_sched_basic_submit', () => {
  test('a job goes to the hardware, and its finished fence signals when that does', () => {
    const unit = new Unit();
    const queue = queueOf();
    using entity = queue.entity();
    using job = entity.submit(unit.run, { name: 'job' });
    expect(unit.running).toEqual(['job']);
    expect([job.scheduled.status, job.finished.status]).toEqual(['signaled', 'pending']);
    unit.end('job');
    expect(job.finished.status).toBe('signaled');
  });
});

describe('drm_sched_basic_test', () => {
  test.each([
    ['A queue of jobs in a single entity', { entities: 1, jobs: 100, depend: false }],
    ['A chain of dependent jobs across multiple entities', { entities: 100, jobs: 1, depend: true }],
    ['Multiple independent job queues', { entities: 100, jobs: 10, depend: false }],
    ['Multiple inter-dependent job queues', { entities: 100, jobs: 10, depend: true }],
  ])('%s', (_name, { entities, jobs, depend }) => {
    const unit = new Unit();
    const queue = queueOf({ credits: 1000 });
    const streams = Array.from({ length: entities }, () => queue.entity());
    const names: string[] = [];
    let last: ReturnType<(typeof streams)[0]['submit']> | undefined;
    const all = Array.from({ length: jobs }, (_, i) =>
      streams.map((stream, j) => {
        const name = `${String(i)}/${String(j)}`;
        names.push(name);
        const after = depend && last !== undefined ? [last] : [];
        return (last = stream.submit(unit.run, { name, after }));
      }),
    ).flat();
    while (unit.running.length > 0) {
      for (const name of unit.running) unit.end(name);
    }
    expect(unit.began.slice().sort()).toEqual(names.sort());
    expect(all.map(({ status }) => status)).toEqual(all.map(() => 'finished'));
    for (const job of all) job[Symbol.dispose]();
    for (const stream of streams) stream[Symbol.dispose]();
  });
});

test('drm_sched_basic_entity_cleanup: an entity goes half way, its jobs end, and the fences of all signal', () => {
  const unit = new Unit();
  const queue = queueOf({ credits: 10 });
  const entities = Array.from({ length: 4 }, () => queue.entity());
  let last: ReturnType<(typeof entities)[0]['submit']> | undefined;
  const jobs = Array.from({ length: 50 }, (_, i) =>
    entities.map((entity, j) => {
      const job = entity.submit(unit.run, {
        name: `${String(i)}/${String(j)}`,
        after: last === undefined ? [] : [last],
      });
      return (last = job);
    }),
  ).flat();
  for (let i = 0; i < 100; i++) unit.end(unit.running[0] ?? '');
  entities[1]?.[Symbol.dispose]();
  for (const entity of entities) entity[Symbol.dispose]();
  for (const name of unit.running) unit.end(name);
  expect(jobs.slice(0, 100).map(({ status }) => status)).toEqual(jobs.slice(0, 100).map(() => 'finished'));
  expect(jobs.slice(102).map(({ finished }) => finished.error?.code)).toEqual(
    jobs.slice(102).map(() => 'ECANCELED'),
  );
  for (const job of jobs) job[Symbol.dispose]();
  expect([queue.waiting, queue.running]).toEqual([0, 0]);
});

test('drm_sched_basic_cancel: the queue is torn down, and the job that has not run fails with ECANCELED', () => {
  const unit = new Unit();
  const queue = queueOf();
  using running = queue.submit(unit.run, { name: 'running' });
  using job = queue.submit(unit.run);
  queue[Symbol.dispose]();
  expect(job.finished.error?.code).toBe('ECANCELED');
  expect([running.finished.status, running.signal.aborted]).toEqual(['pending', true]);
  unit.end('running');
  expect(running.status).toBe('finished');
});

describe('drm_sched_basic_timeout', () => {
  test('a job that hangs is found, and fails with ETIME', async () => {
    using clock = virtualClock();
    const unit = new Unit();
    const asked: string[] = [];
    const queue = queueOf({
      timeoutMs: 100,
      onTimeout: ({ name }) => {
        asked.push(name);
        return 'fail';
      },
    });
    using job = queue.submit(unit.run, { name: 'hangs' });
    await clock.advance(99);
    expect([asked, job.status]).toEqual([[], 'running']);
    await clock.advance(1);
    expect(asked).toEqual(['hangs']);
    expect(job.finished.error?.code).toBe('ETIME');
    unit.end('hangs');
  });

  test('drm_sched_skip_reset: a false alarm is extended, and the job succeeds', async () => {
    using clock = virtualClock();
    const unit = new Unit();
    let asked = 0;
    const queue = queueOf({
      timeoutMs: 100,
      onTimeout: () => {
        asked++;
        return 'extend';
      },
    });
    using job = queue.submit(unit.run, { name: 'slow' });
    await clock.advance(250);
    expect([asked, job.finished.status]).toEqual([2, 'pending']);
    unit.end('slow');
    expect([job.finished.status, clock.timers]).toEqual(['signaled', 0]);
  });
});

describe('drm_sched_priorities', () => {
  test('jobs of higher priority go before all others', () => {
    const unit = new Unit();
    const queue = queueOf();
    const priorities: JobPriority[] = ['low', 'normal', 'high', 'kernel'];
    {
      using _paused = queue.pause();
      for (let i = 0; i < 3; i++) {
        for (const priority of priorities) {
          queue.submit(unit.run, { name: `${priority} ${String(i)}`, priority });
        }
      }
    }
    while (unit.running.length > 0) unit.end(unit.running[0] ?? '');
    expect(unit.began).toEqual(
      [...priorities].reverse().flatMap((priority) => [0, 1, 2].map((i) => `${priority} ${String(i)}`)),
    );
  });

  test('drm_sched_change_priority: a stream whose priority changes goes on where it belongs now', () => {
    const unit = new Unit();
    const queue = queueOf();
    const entities = ['a', 'b', 'c'].map((name) => queue.entity({ name }));
    for (let i = 0; i < 3; i++) {
      for (const entity of entities) entity.submit(unit.run, { name: `${entity.name}${String(i)}` });
    }
    const [, , c] = entities;
    if (c !== undefined) c.priority = 'high';
    expect(c?.priority).toBe('high');
    while (unit.running.length > 0) unit.end(unit.running[0] ?? '');
    expect(unit.began).toEqual(['a0', 'c0', 'c1', 'c2', 'b0', 'a1', 'b1', 'a2', 'b2']);
    for (const entity of entities) entity[Symbol.dispose]();
  });
});

test('drm_sched_test_credits: a job begins when its credits fit, and not before', () => {
  const unit = new Unit();
  const queue = queueOf({ credits: 2 });
  using one = queue.submit(unit.run, { name: 'one' });
  using two = queue.submit(unit.run, { name: 'two', credits: 2 });
  expect([one.status, two.status, queue.creditsInUse]).toEqual(['running', 'waiting', 1]);
  unit.end('one');
  expect([two.status, queue.creditsInUse]).toEqual(['running', 2]);
  unit.end('two');
  expect([two.status, queue.creditsInUse]).toEqual(['finished', 0]);
});

test.each([
  ['parallel submission', false],
  ['interleaved submission', true],
])(
  '%s from many producers: every job runs once, and never more than the credits allow',
  async (_name, turns) => {
    const queue = queueOf({ credits: 3, maxWaiting: 5 });
    let running = 0;
    let most = 0;
    let done = 0;
    const produce = async (): Promise<void> => {
      for (let i = 0; i < 20; i++) {
        await queue.room();
        queue.submit(async () => {
          most = Math.max(most, ++running);
          await Promise.resolve();
          running--;
          done++;
        });
        if (turns) await Promise.resolve();
      }
    };
    await Promise.all(Array.from({ length: 8 }, produce));
    await queue.idle();
    expect([done, most]).toEqual([160, 3]);
  },
);
