import { describe, expect, test } from 'vitest';
import { gate, queueOf, rejection, turn, Unit } from './support.js';

// Faults that users have reported of the queues they come from, retold as what ours promises.

describe('p-queue', () => {
  test('a timeout frees the slot while the task still runs, so that more run than the concurrency allows', async () => {
    const queue = queueOf({ credits: 1, timeoutMs: 5 });
    const { promise, open } = gate();
    const hung = queue.submit(() => promise);
    const next = queue.submit(() => 1);
    expect(await rejection(hung.result())).toMatchObject({ code: 'ETIME' });
    expect([queue.running, next.status]).toEqual([1, 'waiting']);
    open();
    expect(await next.result()).toBe(1);
  });

  test('clear() leaves the promises of what it removed pending for ever', async () => {
    const unit = new Unit();
    const queue = queueOf();
    queue.submit(unit.run, { name: 'running' });
    const waiting = queue.submit(() => 1).result();
    queue.cancel();
    expect(await rejection(waiting)).toMatchObject({ code: 'ECANCELED' });
  });

  test('onSizeLessThan lets all waiting producers in at once', async () => {
    const queue = queueOf({ maxWaiting: 1 });
    const unit = new Unit();
    queue.submit(unit.run, { name: 'running' });
    let refused = 0;
    const produce = async (): Promise<void> => {
      await queue.room();
      try {
        queue.submit(() => 1);
      } catch {
        refused++;
      }
    };
    const all = Promise.all([produce(), produce(), produce(), produce()]);
    unit.end('running');
    await all;
    expect(refused).toBe(0);
  });

  test('onIdle resolves while a task that was added by a finished one is still to run', async () => {
    const queue = queueOf();
    const log: string[] = [];
    const first = queue.submit(turn);
    first.finished.addCallback(() => {
      queue.submit(async () => {
        await turn();
        log.push('follow-up');
      });
    });
    await queue.idle();
    expect(log).toEqual(['follow-up']);
    first[Symbol.dispose]();
  });

  test('an abort while the task waits leaves it in the queue, where it takes a slot later', async () => {
    const controller = new AbortController();
    const unit = new Unit();
    const queue = queueOf();
    queue.submit(unit.run, { name: 'running' });
    const aborted = queue.submit(unit.run, { name: 'aborted', signal: controller.signal });
    const result = rejection(aborted.result());
    controller.abort();
    expect([queue.waiting, await result]).toMatchObject([0, { code: 'ECANCELED' }]);
    unit.end('running');
    expect(unit.began).toEqual(['running']);
  });

  test('a rejection that nobody handles ends the process, though the result is of no interest', async () => {
    const queue = queueOf();
    queue.submit(() => Promise.reject(new Error('nobody asks')));
    await queue.idle();
    await turn();
    expect(queue.running).toBe(0);
  });

  test('priority is fixed when a task is added', () => {
    const unit = new Unit();
    const queue = queueOf();
    queue.submit(unit.run, { name: 'running' });
    using batch = queue.entity({ priority: 'low' });
    batch.submit(unit.run, { name: 'batch' });
    queue.submit(unit.run, { name: 'other' });
    batch.priority = 'high';
    unit.end('running');
    expect(unit.running).toEqual(['batch']);
  });
});

describe('p-limit', () => {
  test('clearQueue() leaves promises pending for ever', async () => {
    const queue = queueOf();
    const results = [queue.submit(turn), queue.submit(turn), queue.submit(turn)].map((job) => job.result());
    queue.cancel();
    const settled = await Promise.allSettled(results);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  });

  test('a function that throws synchronously keeps its place', async () => {
    const queue = queueOf();
    const bad = queue.submit(() => {
      throw new Error('sync');
    });
    expect(await rejection(bad.result())).toEqual(new Error('sync'));
    expect([queue.running, await queue.submit(() => 1).result()]).toEqual([0, 1]);
  });

  test('calls inside one another starve when all places are taken by those that wait', () => {
    const queue = queueOf();
    const log: string[] = [];
    using outer = queue.submit(() => log.push('outer'));
    queue.submit(() => log.push('after it'), { after: [outer] });
    expect(log).toEqual(['outer', 'after it']);
  });
});

describe('fastq', () => {
  test('kill() leaves the callbacks of what waits uncalled', async () => {
    const unit = new Unit();
    const queue = queueOf();
    queue.submit(unit.run, { name: 'running' });
    const waiting = queue.submit(() => 1).result();
    queue[Symbol.dispose]();
    expect(await rejection(waiting)).toMatchObject({ code: 'ECANCELED' });
  });

  test('drain is called before what the last task pushed in its callback', async () => {
    const queue = queueOf();
    let left = 5;
    const more = (): void => {
      if (left-- > 0) queue.submit(more);
    };
    queue.submit(more);
    await queue.idle();
    expect(left).toBe(-1);
  });

  test('a pause during the last task loses those that were pushed meanwhile', async () => {
    const queue = queueOf();
    const { promise, open } = gate();
    queue.submit(() => promise);
    const pause = queue.pause();
    const later = queue.submit(() => 7);
    open();
    await turn();
    expect(later.status).toBe('waiting');
    pause[Symbol.dispose]();
    expect(await later.result()).toBe(7);
  });
});

describe('async', () => {
  test('synchronous tasks overflow the stack', () => {
    const queue = queueOf();
    let ran = 0;
    {
      using _pause = queue.pause();
      for (let i = 0; i < 100_000; i++) queue.submit(() => ran++);
    }
    expect(ran).toBe(100_000);
  });

  test('a task that calls back twice corrupts the count', () => {
    const queue = queueOf();
    using job = queue.submit((job) => {
      job.abandon();
      job.abandon();
    });
    expect([queue.running, queue.creditsInUse, job.status]).toEqual([0, 0, 'failed']);
  });

  test('auto: an error leaves the tasks that run going on, and their results are lost', async () => {
    const queue = queueOf({ credits: 2 });
    const { promise, open } = gate<string>();
    const slow = queue.submit(() => promise);
    const bad = queue.submit(() => Promise.reject(new Error('no')));
    const both = queue.submit(() => 1, { after: [slow, bad] });
    expect(await rejection(both.result())).toMatchObject({ code: 'EIO' });
    open('still there');
    expect(await slow.result()).toBe('still there');
  });
});
