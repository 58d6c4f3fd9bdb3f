import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { thrown } from '../support.js';

let SharedTimeline: typeof import('@dma-fence/core/shared').SharedTimeline;

// Whether a thread may block is found out once: these tests have modules of their own, whoever comes after them too.
beforeAll(async () => {
  vi.resetModules();
  ({ SharedTimeline } = await import('@dma-fence/core/shared'));
  vi.resetModules();
});

test('where a thread may not block, waitSync is EDEADLK at once and says what to do; finished values it still tells', () => {
  const sleep = vi.spyOn(Atomics, 'wait').mockImplementation(() => {
    throw new TypeError('Atomics.wait cannot be called in this context');
  });
  onTestFinished(() => {
    sleep.mockRestore();
  });
  using own = SharedTimeline.create({ driverName: 'page', timelineName: 'work' });
  const error = thrown(() => {
    own.waitSync(1);
  });
  expect(error).toMatchObject({ code: 'EDEADLK' });
  expect(error.message).toContain('fenceAt(1).wait()');
  expect(
    thrown(() => {
      own.waitSync(1, { timeoutMs: 0 });
    }),
  ).toMatchObject({ code: 'ETIME' });
  own.advanceTo(1);
  own.waitSync(1);
});

test('without SharedArrayBuffer create says what a page needs', () => {
  vi.stubGlobal('SharedArrayBuffer', undefined);
  onTestFinished(() => {
    vi.unstubAllGlobals();
  });
  const error = thrown(() => SharedTimeline.create({ driverName: 'page', timelineName: 'work' }));
  expect(error).toMatchObject({ code: 'EOPNOTSUPP' });
  expect(error.message).toContain('cross-origin isolated');
});
