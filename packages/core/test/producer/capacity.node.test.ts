import { type DmaFence, type DriverFence } from '@dma-fence/core';
import { lockdep, type LockdepReport } from '@dma-fence/core/lockdep';
import {
  Capacity,
  createFenceIn,
  limitedWait,
  producerContext,
  runInFence,
  type FenceNeeds,
} from '@dma-fence/core/producer';
import { Mutex } from 'async-mutex';
import { describe, expect, onTestFinished, test } from 'vitest';
import { context, forTest } from '../support.js';

/** A pool as a package would make one: each job's work holds a share while it runs. */
function pool(name: string) {
  const capacity = new Capacity(`workers of ${name}`);
  const needs = new Map<DmaFence, FenceNeeds>();
  const own = producerContext(
    { driverName: 'pool', timelineName: name, ops: { needs: (fence) => needs.get(fence) } },
    'submit a job',
  );
  return {
    capacity,
    /** A job that has not begun. */
    job(after: readonly DmaFence[] = []): DriverFence {
      const fence = createFenceIn(own, undefined) as DriverFence;
      needs.set(fence, { on: after, capacity });
      onTestFinished(() => {
        fence.signal();
        fence.put();
      });
      return fence;
    },
    async run(work: () => Promise<unknown>): Promise<void> {
      const fence = this.job();
      const holder = {};
      await runInFence(fence, work, { capacity, holder });
      fence.signal();
      capacity.release(holder);
    },
  };
}

function watch(mode: 'report' | 'throw' = 'report'): LockdepReport[] {
  const reports: LockdepReport[] = [];
  forTest(lockdep.enable({ mode, onReport: (report) => reports.push(report) }));
  return reports;
}

const turn = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve));

/** Ends a fence while somebody waits for it, so that nothing hangs. */
async function harmless(fence: DriverFence): Promise<void> {
  const waiting = fence.wait();
  fence.signal();
  await waiting;
}

describe('work that holds a share and waits for work that needs one is reported on a run where nothing hangs', () => {
  test('directly, with both stacks', async () => {
    const reports = watch();
    const workers = pool('pool');
    const other = workers.job();
    await workers.run(async () => {
      await harmless(other);
      await turn();
    });
    expect(reports).toMatchObject([
      {
        kind: 'lock-order',
        title: 'possible deadlock: work that holds workers of pool waits for work that needs them',
        names: ['workers of pool', other.name],
      },
    ]);
    const [report] = reports;
    expect(report?.places.map(({ what }) => what)).toEqual([
      'workers of pool held',
      `while ${other.name} was waited for`,
    ]);
    expect(report?.places.every(({ stack }) => stack.length > 0)).toBe(true);
    expect(report?.advice).toContain(other.name);
  });

  test('in mode throw the wait rejects', async () => {
    watch('throw');
    const workers = pool('pool');
    const other = workers.job();
    await workers.run(async () => {
      const waiting = other.wait();
      other.signal();
      await expect(waiting).rejects.toMatchObject({ name: 'LockdepError' });
    });
  });

  test('over a job elsewhere that depends on one', async () => {
    const reports = watch();
    const [workers, elsewhere] = [pool('pool'), pool('elsewhere')];
    const dependent = elsewhere.job([workers.job()]);
    await workers.run(async () => {
      await harmless(dependent);
      await turn();
    });
    expect(reports.map(({ kind }) => kind)).toEqual(['lock-order']);
  });

  test('over two pools that wait for each other', async () => {
    const reports = watch();
    const [a, b] = [pool('a'), pool('b')];
    await a.run(async () => {
      await harmless(b.job());
      await turn();
    });
    expect(reports).toEqual([]);
    await b.run(async () => {
      await harmless(a.job());
      await turn();
    });
    expect(reports.map(({ title }) => title)).toEqual([
      'possible deadlock: work that holds workers of b waits for work that needs them',
    ]);
    expect(reports[0]?.places.length).toBe(4);
  });

  test('over a lock', async () => {
    const reports = watch();
    const workers = pool('pool');
    const lock = lockdep.wrap(new Mutex(), 'cache of the pool');
    await lock.runExclusive(async () => {
      await harmless(workers.job());
      await turn();
    });
    await workers.run(() => lock.runExclusive(turn));
    expect(reports.filter(({ title }) => title.includes('workers of pool')).length).toBe(1);
  });

  test('over a fence whose own section waits for one, whichever came first', async () => {
    for (const sectionFirst of [true, false]) {
      const reports = watch();
      const workers = pool('pool');
      const fence = context().createFence();
      const other = workers.job();
      const section = (): Promise<unknown> =>
        fence.signalAfter(async () => {
          await harmless(other);
          await turn();
        });
      const first = sectionFirst ? section() : undefined;
      await workers.run(async () => {
        const waiting = fence.wait();
        await turn();
        await (first ?? section());
        await waiting;
      });
      expect(reports.map(({ kind }) => kind)).toContain('lock-order');
    }
  });

  test('over a lock that is held while such a fence is waited for', async () => {
    const reports = watch();
    const workers = pool('pool');
    const lock = lockdep.wrap(new Mutex(), 'cache of the pool');
    const fence = context().createFence();
    const section = fence.signalAfter(async () => {
      await harmless(workers.job());
      await turn();
    });
    await lock.runExclusive(async () => {
      await fence.wait();
      await section;
    });
    await workers.run(() => lock.runExclusive(turn));
    expect(reports.map(({ title }) => title).join('\n')).toContain('workers of pool');
  });

  test('a wait for room in a capacity that the work itself holds', async () => {
    const reports = watch();
    const workers = pool('pool');
    await workers.run(async () => {
      const waiting = limitedWait<void>(
        'room()',
        undefined,
        (resolve) => {
          setTimeout(resolve);
          return () => undefined;
        },
        workers.capacity,
      );
      await waiting;
    });
    expect(reports.map(({ names }) => names)).toEqual([['workers of pool', 'room()']]);
  });
});

describe('nothing is reported', () => {
  test('of work that waits for something else, of a wait outside of work, and of one pool after the other', async () => {
    const reports = watch();
    const [a, b] = [pool('a'), pool('b')];
    await a.run(async () => {
      await harmless(context().createFence());
      await harmless(b.job());
      await turn();
    });
    await harmless(a.job());
    await b.run(turn);
    await a.run(() => harmless(b.job()));
    expect(reports).toEqual([]);
  });

  test('of work that goes on after it has given its share back', async () => {
    const reports = watch();
    const workers = pool('pool');
    let later: Promise<void> | undefined;
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (go = resolve));
    await workers.run(() => {
      later = gate.then(async () => {
        await harmless(workers.job());
        await turn();
      });
      return Promise.resolve();
    });
    go();
    await later;
    expect(reports).toEqual([]);
  });

  test('of pipelines whose fences feed each other in order', async () => {
    const reports = watch();
    const [upload, render] = [pool('upload'), pool('render')];
    const first = render.job();
    await upload.run(() => harmless(first));
    const second = render.job([upload.job()]);
    await harmless(second);
    expect(reports).toEqual([]);
  });
});
