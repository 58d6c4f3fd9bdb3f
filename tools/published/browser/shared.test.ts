import { SharedTimeline } from '@dma-fence/core/shared';
import { expect, onTestFinished, test } from 'vitest';

const make = (timelineName: string): SharedTimeline => {
  const timeline = SharedTimeline.create({ driverName: 'page', timelineName });
  onTestFinished(() => {
    timeline[Symbol.dispose]();
  });
  return timeline;
};

function start(timelines: Record<'work' | 'done', SharedTimeline>): Worker {
  const worker = new Worker(new URL('shared-worker.ts', import.meta.url), { type: 'module' });
  onTestFinished(() => {
    worker.terminate();
  });
  worker.postMessage({ work: timelines.work.readonlyHandle, done: timelines.done.handle });
  return worker;
}

test('the page is cross-origin isolated', () => {
  expect(crossOriginIsolated).toBe(true);
});

test('a worker blocks in waitSync, the main thread awaits; values and errors go both ways', async () => {
  const timelines = { work: make('work'), done: make('done') };
  start(timelines);
  for (let value = 1; value <= 200; value++) {
    using fence = timelines.done.fenceAt(value);
    const wait = fence.wait().catch(() => undefined);
    timelines.work.advanceTo(timelines.work.reserve(), value % 10 === 0 ? 'ENODATA' : undefined);
    await wait;
    expect(fence.error?.code).toBe(value % 10 === 0 ? 'ENODATA' : undefined);
  }
});

test('on the main thread waitSync of a pending value is EDEADLK, at once; of a finished one it returns', () => {
  const work = make('work');
  const begin = performance.now();
  expect(() => {
    work.waitSync(1);
  }).toThrow(expect.objectContaining({ code: 'EDEADLK' }));
  expect(() => {
    work.waitSync(1, { timeoutMs: 10_000 });
  }).toThrow(expect.objectContaining({ code: 'EDEADLK' }));
  expect(performance.now() - begin).toBeLessThan(5000);
  work.advanceTo(1);
  work.waitSync(1);
});

test('a worker that is terminated while it blocks keeps nobody waiting', async () => {
  const timelines = { work: make('work'), done: make('done') };
  const worker = start(timelines);
  timelines.done.bindOwner(worker, 'EOWNERDEAD');
  timelines.work.advanceTo(1);
  using first = timelines.done.fenceAt(1);
  await first.wait();
  // It has reserved the second, or is about to.
  using second = timelines.done.fenceAt(timelines.done.reserve());
  const wait = second.wait().catch((error: unknown) => error);
  worker.terminate();
  expect(await wait).toMatchObject({ code: 'EOWNERDEAD' });
});
