import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { lockdep } from '@dma-fence/core/lockdep';
import { SharedTimeline } from '@dma-fence/core/shared';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startWorker } from '../../stress/worker.js';
import { turn, watch } from './support.js';

const half = fileURLToPath(new URL('children/half.js', import.meta.url));

/** A timeline that a worker advances, in the way that it is told to; answers what was reported there. */
function worker(lock: string): {
  timeline: SharedTimeline;
  advance: (way: string, value: number) => Promise<readonly string[]>;
} {
  const timeline = SharedTimeline.create({ driverName: 'test', timelineName: 'disk' });
  const thread = startWorker(half, { handle: timeline.handle, lock });
  onTestFinished(async () => {
    await thread.terminate();
    timeline[Symbol.dispose]();
  });
  return {
    timeline,
    async advance(way, value) {
      const told = once(thread, 'message') as Promise<[readonly string[]]>;
      thread.postMessage({ way, value });
      return (await told)[0];
    },
  };
}

/** Holds a lock here over a wait for a value. */
async function waitUnder(lock: string, timeline: SharedTimeline, value: number): Promise<void> {
  const held = lockdep.acquire(lockdep.classOf(lock));
  using fence = timeline.fenceAt(value);
  await fence.wait();
  lockdep.release(held);
}

describe('a deadlock of which each thread has one half', () => {
  test.each(['before', 'under', 'web'])(
    'is reported once, in the thread that completes it: the lock is taken there %s the advance',
    async (way) => {
      const { reports } = watch();
      const { timeline, advance } = worker('index');
      // A harmless order: it is advanced before anybody waits.
      expect(await advance(way, 1)).toEqual([]);
      await waitUnder('index', timeline, 1);
      await turn();
      expect(reports.map(({ kind }) => kind)).toEqual(['lock-under-wait']);
      const [{ text, places } = { text: '', places: [] }] = reports;
      expect(text).toContain('"index"');
      expect(text).toContain('in another thread');
      expect(places.map(({ stack }) => stack.length > 0)).toEqual([true, true, true, true]);
      expect(text).toContain('half.js');
      expect(text).toContain('threads.node.test.ts');
      // Told once.
      expect(await advance(way, 2)).toEqual([]);
      await waitUnder('index', timeline, 2);
      expect(reports).toHaveLength(1);
    },
  );

  test('is reported by the other thread when that one comes second', async () => {
    const { reports } = watch();
    const { timeline, advance } = worker('index');
    const waiting = waitUnder('index', timeline, 1);
    await turn();
    const [text = '', ...more] = await advance('before', 1);
    await waiting;
    expect(text).toContain('possible deadlock');
    expect(text).toContain('in another thread');
    expect(more).toEqual([]);
    expect(reports).toEqual([]);
  });
});

describe('nothing is reported', () => {
  test.each([
    ['of a lock that is taken after the advance', 'after', 'index', 'index'],
    ['of two locks', 'before', 'index', 'log'],
    ['of a lock whose end nobody waited for', 'unawaited', 'index', 'index'],
  ])('%s', async (_what, way, lock, other) => {
    const { reports } = watch();
    const { timeline, advance } = worker(lock);
    expect(await advance(way, 1)).toEqual([]);
    await waitUnder(other, timeline, 1);
    expect(await advance(way, 2)).toEqual([]);
    await turn();
    expect(reports).toEqual([]);
  });

  test('of a wait after the lock was given back', async () => {
    const { reports } = watch();
    const { timeline, advance } = worker('index');
    await advance('before', 1);
    lockdep.release(lockdep.acquire(lockdep.classOf('index')));
    using fence = timeline.fenceAt(1);
    await fence.wait();
    await turn();
    expect(reports).toEqual([]);
  });

  test('of one timeline waited for and another one advanced', async () => {
    const { reports } = watch();
    const { advance } = worker('index');
    const { timeline, advance: other } = worker('log');
    await advance('before', 1);
    await other('before', 1);
    await waitUnder('index', timeline, 1);
    await turn();
    expect(reports).toEqual([]);
  });
});
