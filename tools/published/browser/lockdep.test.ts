import { DmaFenceContext } from '@dma-fence/core';
import { pendingFences, trackFences } from '@dma-fence/core/debug';
import { lockdep, type LockdepReport } from '@dma-fence/core/lockdep';
import { expect, onTestFinished, test } from 'vitest';

function watch(): LockdepReport[] {
  const reports: LockdepReport[] = [];
  const session = lockdep.enable({ onReport: (report) => reports.push(report) });
  onTestFinished(() => {
    session[Symbol.dispose]();
  });
  return reports;
}

test('the validator sees what happens in one turn of a page, and says that it sees no more', () => {
  const reports = watch();
  const [a, b] = [lockdep.classOf('a'), lockdep.classOf('b')];
  for (const [first, second] of [
    [a, b],
    [b, a],
  ] as const) {
    const outer = lockdep.acquire(first);
    lockdep.release(lockdep.acquire(second));
    lockdep.release(outer);
  }
  expect(reports).toMatchObject([{ kind: 'lock-order' }]);
  expect(reports[0]?.text).toContain('lockdep.test.ts');
  expect(reports[0]?.text).toContain('cannot follow tasks through await');
});

test('a page can ask who should have signaled', () => {
  const tracking = trackFences({ stacks: true });
  const fence = new DmaFenceContext({ driverName: 'page', timelineName: 'ring' }).createFence();
  const pending = pendingFences();
  fence.signal();
  expect(pending).toMatchObject([{ name: fence.name, refCount: 1, waiters: 0 }]);
  expect(pendingFences()).toEqual([]);
  tracking[Symbol.dispose]();
});
