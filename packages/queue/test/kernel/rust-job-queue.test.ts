import { describe, expect, test } from 'vitest';
import { code, fence, queueOf, thrown, Unit } from '../support.js';

// What the job queue for Rust drivers promises, retold.

describe('a job', () => {
  test('is built first, gets its dependencies, and is submitted then', () => {
    const queue = queueOf();
    const [a, b] = [fence(), fence()];
    using job = queue.job(() => 7, { name: 'draw' });
    expect([job.status, queue.waiting, queue.running]).toEqual(['prepared', 0, 0]);
    expect(thrown(() => job.finished)).toMatchObject({
      code: 'EINVAL',
      message: 'job "draw" of app:jobs: has no fences yet; arm() or submit it before you use finished',
    });
    job.addDependency(a);
    job.addDependency(b);
    job.arm();
    expect([job.status, queue.waiting]).toEqual(['armed', 0]);
    job.push();
    expect([job.status, queue.waiting]).toEqual(['waiting', 1]);
    a.signal();
    b.signal();
    expect([job.status, queue.waiting]).toEqual(['finished', 0]);
  });

  test('that needs more credits than the queue has is refused', () => {
    expect(thrown(() => queueOf({ credits: 3 }).submit(() => 1, { name: 'draw', credits: 4 }))).toMatchObject(
      {
        code: 'EINVAL',
        message: 'job "draw" of app:jobs: takes 4 credits, and the queue has 3; give the queue more',
      },
    );
  });

  test('begins when the hardware has room, in the order of submission', () => {
    const unit = new Unit();
    const queue = queueOf({ credits: 2 });
    for (const name of ['a', 'b', 'c', 'd']) queue.submit(unit.run, { name });
    expect(unit.running).toEqual(['a', 'b']);
    unit.end('b');
    expect(unit.running).toEqual(['a', 'c']);
    unit.end('c');
    unit.end('a');
    unit.end('d');
    expect(unit.began).toEqual(['a', 'b', 'c', 'd']);
  });

  test('whose hardware fails hands the error on to those behind it', () => {
    const unit = new Unit();
    const queue = queueOf({ credits: 2 });
    using job = queue.submit(unit.run, { name: 'job' });
    using next = queue.submit(unit.run, { after: [job] });
    unit.end('job', new Error('hung'));
    expect(job.finished.error).toMatchObject({ code: 'EIO', cause: new Error('hung') });
    expect(next.finished.error).toBe(job.finished.error);
  });
});

describe('dropping', () => {
  test('a job that was never submitted leaves nothing behind', () => {
    const dependency = fence();
    const job = queueOf().job(() => 1, { after: [dependency] });
    expect(dependency.refCount).toBe(2);
    job[Symbol.dispose]();
    expect(dependency.refCount).toBe(1);
    expect(code(() => job.arm())).toBe('EINVAL');
  });

  test('a job that was armed and never submitted fails its fences', () => {
    const queue = queueOf();
    const job = queue.job(() => 1);
    job.arm();
    using finished = job.finished.get();
    job[Symbol.dispose]();
    expect(finished.error?.code).toBe('ECANCELED');
  });

  test('the queue fails what is queued, and what is in flight ends as the hardware says', () => {
    const unit = new Unit();
    const queue = queueOf();
    using flying = queue.submit(unit.run, { name: 'flying' });
    using queued = queue.submit(unit.run, { name: 'queued' });
    queue[Symbol.dispose]();
    expect([flying.status, queued.status]).toEqual(['running', 'failed']);
    expect(code(() => queue.submit(() => 1))).toBe('ECANCELED');
    unit.end('flying');
    expect(flying.status).toBe('finished');
  });
});
