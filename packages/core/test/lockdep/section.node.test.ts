import { beginSignalling, DmaFenceContext, type FenceOps } from '@dma-fence/core';
import { lockdep } from '@dma-fence/core/lockdep';
import { describe, expect, test, vi } from 'vitest';
import { long } from '../support.js';
import { planted } from '../support.js';
import { collect } from './garbage.js';
import { done, fence, ownFence, kinds, turn, watch } from './support.js';

describe('a published fence', () => {
  test('of which nothing is left that could signal it is found when it is collected', async () => {
    planted('leaked', 'gpu:lost');
    const session = watch();
    const publish = async (): Promise<void> => {
      ownFence('lost').beginSignalling();
      await Promise.resolve();
      // The producer gives up here, and forgets the fence.
    };
    await publish();
    await collect(() => session.reports.length > 0);
    expect(kinds(session)).toEqual(['orphan']);
    expect(session.reports[0]?.title).toContain('gpu:lost:');
  });

  test('is found too when work that should signal it never comes to an end', async () => {
    planted('leaked', 'gpu:stuck');
    const session = watch();
    const start = (): void => {
      void ownFence('stuck').signalAfter(() => new Promise(() => undefined));
    };
    start();
    await collect(() => session.reports.length > 0);
    expect(kinds(session)).toEqual(['orphan']);
  });

  long('that signals, fails, or is still in somebody’s hands is silent', async () => {
    const session = watch();
    const publish = (): void => {
      const [signaled, failed] = [fence('over'), fence('over')];
      signaled.beginSignalling();
      failed.beginSignalling();
      signaled.signal();
      failed.fail('EIO');
    };
    publish();
    const kept = fence('over');
    kept.beginSignalling().end();
    await collect(() => session.reports.length > 0);
    kept.signal();
    expect(session.reports).toEqual([]);
  });
});

describe('foreign code', () => {
  test("a wait in an exporter's op is found; polling is not a wait", () => {
    const session = watch();
    const ops: FenceOps = {
      isSignaled() {
        void done().wait({ timeoutMs: 0 });
        return true;
      },
      release() {
        void done().wait();
      },
    };
    const own = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ops', ops }).createFence();
    expect(own.poll()).toBe(true);
    expect(session.reports).toEqual([]);
    own.put();
    expect(session.reports[0]?.title).toMatch(/in release\(\) of gpu:ops:\d+:1$/);
  });

  test('a lock that blocks is learnt in a callback', async () => {
    const session = watch();
    const cache = lockdep.classOf('in callback');
    const held = lockdep.acquire(cache);
    await done().wait();
    lockdep.release(held);
    const own = fence();
    own.addCallback(() => {
      lockdep.release(lockdep.acquire(cache));
    });
    own.signal();
    expect(kinds(session)).toEqual(['lock-under-wait']);
  });

  test('a section that a callback leaves open is found when the turn ends', async () => {
    const session = watch();
    const own = fence();
    own.addCallback(() => {
      beginSignalling();
    });
    own.signal();
    expect(session.reports).toEqual([]);
    await turn();
    expect(kinds(session)).toEqual(['open-section']);
  });

  test('a callback that runs longer than slowCallbackMs is found, a shorter one is not', () => {
    const session = watch({ slowCallbackMs: 50 });
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
    for (const took of [50, 51]) {
      const own = fence();
      own.addCallback(() => {
        now += took;
      });
      own.signal();
      expect(kinds(session)).toEqual(took > 50 ? ['slow-callback'] : []);
    }
    clock.mockRestore();
    expect(session.reports[0]?.title).toContain('ran 51.0 ms, over slowCallbackMs: 50');
  });

  test('what a callback throws is reported as ever', () => {
    watch({ slowCallbackMs: 1000 });
    const reported: unknown[] = [];
    vi.stubGlobal('reportError', (error: unknown) => reported.push(error));
    const own = fence();
    own.addCallback(() => {
      throw new Error('of the callback');
    });
    own.signal();
    vi.unstubAllGlobals();
    expect(reported).toEqual([new Error('of the callback')]);
  });
});

describe('free sections', () => {
  test('one that was begun before the validator was on ends silently', () => {
    planted('open-section');
    const section = beginSignalling();
    const session = watch();
    section.end();
    expect(session.reports).toEqual([]);
  });

  test('their stacks are optional, and the report says that there is none', async () => {
    const session = watch({ stacks: false });
    beginSignalling();
    await turn();
    const [outer] = [beginSignalling(), beginSignalling()];
    outer.end();
    expect(session.reports[0]?.text).toContain('no stack was kept');
    expect(kinds(session)).toEqual(['open-section', 'section-order']);
    await turn();
  });

  test('a fence that was published before the validator was on signals and ends silently', () => {
    const [own, other] = [fence(), fence()];
    own.beginSignalling();
    const section = other.beginSignalling();
    const session = watch();
    own.signal();
    section.end();
    other.signal();
    expect(session.reports).toEqual([]);
  });

  test.each(['section first', 'wait first'])(
    'what they lock is learnt with a class for each context too: %s',
    async (order) => {
      const session = watch({ fenceClasses: 'context' });
      const cache = lockdep.classOf(`contexts, ${order}`);
      const steps = [
        async () => {
          await turn();
          const section = beginSignalling();
          lockdep.release(lockdep.acquire(cache));
          section.end();
        },
        async () => {
          const held = lockdep.acquire(cache);
          await done('somewhere').wait();
          lockdep.release(held);
        },
      ];
      for (const step of order === 'section first' ? steps : steps.reverse()) await step();
      expect(kinds(session)).toEqual(['lock-under-wait']);
    },
  );

  test('and through a second lock', async () => {
    const session = watch({ fenceClasses: 'context' });
    const [a, b] = [lockdep.classOf('contexts a'), lockdep.classOf('contexts b')];
    const section = beginSignalling();
    lockdep.release(lockdep.acquire(a));
    section.end();
    const outer = lockdep.acquire(a);
    lockdep.release(lockdep.acquire(b));
    lockdep.release(outer);
    const held = lockdep.acquire(b);
    await done('somewhere').wait();
    lockdep.release(held);
    expect(kinds(session)).toEqual(['lock-under-wait']);
  });
});
