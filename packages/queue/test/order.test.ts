import { DmaFenceContext, fenceArray, mergeFences, waitAny } from '@dma-fence/core';
import { describe, expect, test } from 'vitest';
import { code, fence, forTest, queueOf, thrown, turn, Unit } from './support.js';

describe('hand-over', () => {
  test('a ready job begins before submit returns', () => {
    const log: string[] = [];
    queueOf().submit(() => log.push('ran'));
    expect(log).toEqual(['ran']);
  });

  test('the work begins inside the signal of its last dependency', () => {
    const [a, b] = [fence(), fence()];
    const log: string[] = [];
    queueOf().submit(() => log.push('ran'), { after: [a, b] });
    a.signal();
    expect(log).toEqual([]);
    b.signal();
    expect(log).toEqual(['ran']);
  });

  test('from inside of work it begins as soon as that has returned', () => {
    const queue = queueOf({ credits: 9 });
    const log: string[] = [];
    queue.submit(() => {
      queue.submit(() => log.push('inner'));
      log.push('outer');
    });
    expect(log).toEqual(['outer', 'inner']);
  });

  test('from inside of a callback that a queue runs it begins as soon as that has returned, in another queue too', () => {
    const unit = new Unit();
    const [queue, other] = [queueOf(), queueOf({ timelineName: 'other' })];
    const log: string[] = [];
    using job = queue.submit(unit.run, { name: 'job' });
    job.finished.addCallback(() => {
      other.submit(() => log.push('began'));
      log.push('callback');
    });
    unit.end('job');
    expect(log).toEqual(['callback', 'began']);
  });

  test("from inside of somebody else's callback it begins at once", () => {
    const cause = fence();
    const log: string[] = [];
    const queue = queueOf();
    cause.addCallback(() => {
      queue.submit(() => log.push('began'));
      log.push('callback');
    });
    cause.signal();
    expect(log).toEqual(['began', 'callback']);
  });

  test('finished signals with all that follows, then the place is given away', () => {
    const unit = new Unit();
    const queue = queueOf();
    const log: string[] = [];
    using first = queue.submit(unit.run, { name: 'first' });
    using _next = queue.submit(() => log.push('next began'));
    using dependent = queueOf({ timelineName: 'other' }).submit(() => 1, { after: [first] });
    first.finished.addCallback(() => log.push(`first over, ${String(queue.creditsInUse)} taken`));
    dependent.finished.addCallback(() => log.push(`dependent over, ${String(queue.creditsInUse)} taken`));
    unit.end('first', new Error('hung'));
    expect(log).toEqual(['first over, 1 taken', 'dependent over, 1 taken', 'next began']);
  });

  test('work that throws ends its job and stops no other', () => {
    const queue = queueOf();
    const log: string[] = [];
    using bad = queue.submit(() => {
      queue.submit(() => log.push('next'));
      throw new Error('no');
    });
    expect([log, bad.status]).toEqual([['next'], 'failed']);
  });
});

describe('who begins next', () => {
  test('priority, then the nearer deadline, then the order of push', () => {
    const queue = queueOf();
    const log: string[] = [];
    {
      using _paused = queue.pause();
      const add = (name: string, options: object): void => {
        queue.submit(() => log.push(name), options);
      };
      add('late', { deadline: 30 });
      add('none', {});
      add('soon', { deadline: 10 });
      add('urgent', { priority: 'high' });
      add('none too', {});
      add('low', { priority: 'low', deadline: 1 });
      add('also soon', { deadline: 10 });
    }
    expect(log).toEqual(['urgent', 'soon', 'also soon', 'late', 'none', 'none too', 'low']);
  });

  test('a deadline that is set on finished counts, also through a container, and only a nearer one', () => {
    const queue = queueOf();
    const log: string[] = [];
    {
      using _paused = queue.pause();
      using a = queue.submit(() => log.push('a'));
      using b = queue.submit(() => log.push('b'));
      using c = queue.submit(() => log.push('c'), { deadline: 20 });
      using both = fenceArray([a.finished, b.finished]);
      c.finished.setDeadline(50);
      a.finished.setDeadline(30);
      b.finished.setDeadline(40);
      both.setDeadline(35);
      b.finished.setDeadline(10);
    }
    expect(log).toEqual(['b', 'c', 'a']);
  });

  test('deadlines reach the fence of the hardware, early and late', async () => {
    const deadlines: number[] = [];
    const hardware = new DmaFenceContext({
      driverName: 'hw',
      timelineName: 'unit',
      ops: { setDeadline: (_fence, deadline) => void deadlines.push(deadline) },
    });
    const queue = queueOf({ credits: 2 });
    const fences = [hardware.createFence(), hardware.createFence()];
    using early = queue.submit(() => fences[0], { deadline: 100 });
    early.finished.setDeadline(50);
    using later = queue.submit(async () => {
      await turn();
      return fences[1];
    });
    later.finished.setDeadline(70);
    expect(deadlines).toEqual([100, 50]);
    await turn();
    await turn();
    expect(deadlines).toEqual([100, 50, 70]);
    for (const fence of fences) fence.signal();
    early.finished.setDeadline(1);
    expect(deadlines).toEqual([100, 50, 70]);
  });

  test('nobody overtakes a job whose credits do not fit', () => {
    const unit = new Unit();
    const queue = queueOf({ credits: 3 });
    queue.submit(unit.run, { name: 'a', credits: 2 });
    queue.submit(unit.run, { name: 'big', credits: 3 });
    queue.submit(unit.run, { name: 'small' });
    queue.submit(unit.run, { name: 'urgent', priority: 'high' });
    expect(unit.running).toEqual(['a', 'urgent']);
    unit.end('a');
    expect(unit.running).toEqual(['urgent']);
    unit.end('urgent');
    expect(unit.running).toEqual(['big']);
    unit.end('big');
    expect(unit.running).toEqual(['small']);
  });

  test('a job of no credits fits always, and counts as running', () => {
    const unit = new Unit();
    const queue = queueOf();
    queue.submit(unit.run, { name: 'a' });
    using barrier = queue.submit(unit.run, { name: 'barrier', credits: 0 });
    expect([barrier.status, queue.running, queue.creditsInUse]).toEqual(['running', 2, 1]);
  });

  test('unmet dependencies block only the job', () => {
    const log: string[] = [];
    const queue = queueOf();
    const blocker = fence();
    queue.submit(() => log.push('blocked'), { after: [blocker], priority: 'kernel' });
    queue.submit(() => log.push('free'));
    expect(log).toEqual(['free']);
    blocker.signal();
    expect(log).toEqual(['free', 'blocked']);
  });
});

describe('a stream', () => {
  test('begins its jobs one after the other, in the order of arm; one that is not pushed holds back those behind it', () => {
    const unit = new Unit();
    const queue = queueOf({ credits: 9 });
    using entity = queue.entity();
    using a = entity.job(unit.run, { name: 'a' });
    using b = entity.job(unit.run, { name: 'b' });
    b.arm();
    a.arm();
    a.push();
    expect([unit.running, entity.waiting]).toEqual([[], 1]);
    b.push();
    expect([unit.running, entity.waiting]).toEqual([['b'], 1]);
    unit.end('b');
    expect([unit.running, entity.waiting]).toEqual([['a'], 0]);
  });

  test('shares a context among its finished fences, so that a merge keeps the last one', () => {
    const unit = new Unit();
    using entity = queueOf().entity({ name: 'doc' });
    using a = entity.submit(unit.run);
    using b = entity.submit(unit.run);
    expect(a.finished.context).toBe(b.finished.context);
    expect(a.finished.context.timelineName).toBe('jobs.doc');
    using merged = mergeFences([a.finished, b.finished]);
    expect(merged).toBe(b.finished);
    expect([a.entity, a.queue.context === a.finished.context]).toEqual([entity, false]);
  });

  test('jobs of no stream have a context of their own each', () => {
    const queue = queueOf({ credits: 2 });
    const unit = new Unit();
    using a = queue.submit(unit.run);
    using b = queue.submit(unit.run);
    expect(a.finished.context).not.toBe(b.finished.context);
    expect(a.finished.name).toMatch(/^app:jobs:\d+:1$/);
    expect(a.scheduled.name).toMatch(/^app:jobs\.scheduled:\d+:1$/);
    expect(code(() => queue.context.createFence())).toBe('EINVAL');
  });

  test('a job in the middle that is canceled is passed over; its fences fail in order', () => {
    const unit = new Unit();
    const queue = queueOf({ credits: 9 });
    using entity = queue.entity();
    using a = entity.submit(unit.run, { name: 'a' });
    using b = entity.submit(unit.run, { name: 'b' });
    using c = entity.submit(unit.run, { name: 'c' });
    using d = entity.submit(unit.run, { name: 'd' });
    expect(c.cancel()).toBe(true);
    expect([c.status, queue.waiting, c.scheduled.signaled, c.finished.signaled]).toEqual([
      'failed',
      2,
      false,
      false,
    ]);
    unit.end('a');
    expect([a.status, c.scheduled.error?.code, c.finished.signaled]).toEqual([
      'finished',
      'ECANCELED',
      false,
    ]);
    unit.end('b');
    expect([c.finished.error?.code, b.status, d.status]).toEqual(['ECANCELED', 'finished', 'running']);
  });

  test('that is disposed of is closed, and its jobs are canceled, armed ones too', () => {
    const unit = new Unit();
    const queue = queueOf();
    const entity = queue.entity({ name: 'doc', priority: 'low' });
    using running = entity.submit(unit.run, { name: 'running' });
    using waiting = entity.submit(unit.run);
    using armed = entity.job(unit.run);
    armed.arm();
    using prepared = entity.job(unit.run);
    entity[Symbol.dispose]();
    entity[Symbol.dispose]();
    expect([running.status, running.signal.aborted]).toEqual(['running', true]);
    expect([waiting.status, armed.status]).toEqual(['failed', 'failed']);
    expect([
      code(() => prepared.arm()),
      code(() => armed.push()),
      code(() => entity.submit(() => 1)),
    ]).toEqual(['ECANCELED', 'ECANCELED', 'ECANCELED']);
    unit.end('running');
    expect([waiting.finished.error?.code, armed.finished.error?.code]).toEqual(['ECANCELED', 'ECANCELED']);
    expect(queue.submit(() => 1).status).toBe('finished');
  });

  test('cancel gives up what waits and asks what runs to stop; the stream goes on', () => {
    const unit = new Unit();
    const queue = queueOf({ credits: 2 });
    using entity = queue.entity();
    using running = entity.submit(unit.run, { name: 'running' });
    using waiting = entity.submit(unit.run);
    using other = queue.submit(unit.run, { name: 'other' });
    const error = new Error('enough');
    entity.cancel(error);
    expect([running.signal.reason, waiting.status, other.signal.aborted]).toEqual([error, 'failed', false]);
    using next = entity.submit(unit.run);
    unit.end('running');
    expect([next.status, waiting.finished.error?.cause]).toEqual(['running', error]);
  });

  test('its priority is that of jobs which have none of their own', () => {
    const log: string[] = [];
    const queue = queueOf();
    using low = queue.entity({ priority: 'low' });
    {
      using _paused = queue.pause();
      low.submit(() => log.push('low'));
      queue.submit(() => log.push('normal'));
      using own = queue.entity({ priority: 'low' });
      own.submit(() => log.push('own'), { priority: 'high' });
      own.submit(() => log.push('never'));
    }
    expect(log).toEqual(['normal', 'low']);
    expect(thrown(() => (low.priority = 'urgent' as never))).toMatchObject({ code: 'EINVAL' });
    expect(code(() => queue.entity({ priority: 'urgent' as never }))).toBe('EINVAL');
    expect(code(() => queue.entity({ name: 7 as never }))).toBe('EINVAL');
    expect(code(() => queue.entity({ name: 'a:b' }))).toBe('EINVAL');
    expect(code(() => queue.entity(7 as never))).toBe('EINVAL');
  });
});

describe('an ordered queue', () => {
  test('has up to its credits in flight, and holds back what ends early', () => {
    const unit = new Unit();
    const queue = queueOf({ credits: 2, ordered: true });
    const jobs = ['a', 'b', 'c'].map((name) => forTest(queue.submit(unit.run, { name })));
    const [a, b, c] = jobs as [(typeof jobs)[0], (typeof jobs)[0], (typeof jobs)[0]];
    expect(unit.running).toEqual(['a', 'b']);
    unit.end('b');
    expect([b.status, b.finished.signaled, queue.running, queue.creditsInUse, c.status]).toEqual([
      'running',
      false,
      2,
      2,
      'waiting',
    ]);
    const log: string[] = [];
    for (const job of jobs) job.finished.addCallback(() => log.push(job.name));
    unit.end('a');
    expect([log, c.status]).toEqual([['a', 'b'], 'running']);
    unit.end('c');
    expect(log).toEqual(['a', 'b', 'c']);
    expect(jobs.map(({ finished }) => finished.context)).toEqual(jobs.map(() => queue.context));
    expect(jobs.map(({ finished }) => finished.seqno)).toEqual([1, 2, 3]);
    expect(a.scheduled.context === a.finished.context).toBe(false);
  });

  test('begins in the order of arm, whatever priority and deadline say', () => {
    const log: string[] = [];
    const queue = queueOf({ ordered: true });
    const blocker = fence();
    queue.submit(() => log.push('a'), { after: [blocker] });
    queue.submit(() => log.push('b'), { priority: 'kernel', deadline: 1 });
    expect(log).toEqual([]);
    blocker.signal();
    expect(log).toEqual(['a', 'b']);
  });

  test('a dependency on an earlier job is met when that has begun', () => {
    const unit = new Unit();
    const queue = queueOf({ credits: 3, ordered: true });
    using a = queue.submit(unit.run, { name: 'a' });
    using b = queue.submit(unit.run, { name: 'b', after: [a] });
    using _c = queue.submit(unit.run, { name: 'c', after: [a.finished, b] });
    expect(unit.running).toEqual(['a', 'b', 'c']);
    unit.end('a', new Error('hung'));
    unit.end('b');
    expect(b.status).toBe('finished');
  });

  test('one whose finished has failed by then fails it', () => {
    const unit = new Unit();
    const queue = queueOf({ credits: 2, ordered: true });
    using a = queue.submit(unit.run, { name: 'a' });
    const blocker = fence();
    using b = queue.submit(unit.run, { name: 'b', after: [a, blocker] });
    unit.end('a', new Error('hung'));
    expect([b.status, b.finished.error]).toEqual(['failed', a.finished.error]);
    using c = queue.submit(unit.run, { name: 'c', after: [a] });
    expect(c.finished.error).toBe(a.finished.error);
    using d = queue.submit(unit.run, { name: 'd', after: [a], onDependencyError: 'run' });
    expect(d.status).toBe('running');
  });

  test('one that is canceled fails it once its own turn has come', () => {
    const unit = new Unit();
    const queue = queueOf({ credits: 3, ordered: true });
    using _a = queue.submit(unit.run, { name: 'a' });
    const blocker = fence();
    using b = queue.submit(unit.run, { name: 'b', after: [blocker] });
    using c = queue.submit(unit.run, { name: 'c', after: [b] });
    b.cancel();
    expect([b.finished.signaled, c.status]).toEqual([false, 'waiting']);
    unit.end('a');
    expect([b.finished.error?.code, c.finished.error]).toEqual(['ECANCELED', b.finished.error]);
  });

  test('has no streams', () => {
    expect(code(() => queueOf({ ordered: true }).entity())).toBe('EINVAL');
  });

  test('a fence of it that fails out of turn does so in turn', async () => {
    const unit = new Unit();
    const queue = queueOf({ credits: 2, ordered: true });
    using a = queue.submit(unit.run, { name: 'a' });
    using b = queue.submit(unit.run, { name: 'b' });
    const first = waitAny([a.finished, b.finished]);
    unit.end('b', new Error('hung'));
    expect(b.finished.signaled).toBe(false);
    unit.end('a');
    expect(await first).toBe(0);
    expect(b.finished.error?.code).toBe('EIO');
  });
});
