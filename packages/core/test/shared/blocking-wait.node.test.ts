import { addFenceTracer, type FenceTracer } from '@dma-fence/core';
import { SharedTimeline } from '@dma-fence/core/shared';
import { expect, onTestFinished, test, vi } from 'vitest';
import { encode, VALUE } from '../../src/shared/block.js';
import { thrown } from '../support.js';
import { otherThread } from './other-thread.js';

function timeline(): SharedTimeline {
  const made = SharedTimeline.create({ driverName: 'codec', timelineName: 'decode' });
  onTestFinished(() => {
    made[Symbol.dispose]();
  });
  return made;
}

const words = ({ handle }: SharedTimeline): Int32Array => new Int32Array(handle.buffer);

test.each([0, 0.2, 3])('of a pending value with %f ms ends with ETIME, not before its time', (timeoutMs) => {
  const own = timeline();
  const begin = performance.now();
  expect(
    thrown(() => {
      own.waitSync(1, { timeoutMs });
    }),
  ).toMatchObject({ code: 'ETIME' });
  expect(performance.now() - begin).toBeGreaterThanOrEqual(timeoutMs);
});

test('a tracer sees a blocking wait as any other', () => {
  const own = timeline();
  const told: string[] = [];
  const tracer: FenceTracer = {
    init: (fence) => told.push(`init ${String(fence.seqno)}`),
    signaled: (fence) => told.push(`signaled ${String(fence.seqno)}`),
    waitStart: (fence) => (told.push(`waits ${String(fence.seqno)}`), fence.seqno),
    waitEnd: (_fence, token, outcome) => told.push(`${String(token)} ${outcome}`),
  };
  const tracing = addFenceTracer(tracer);
  onTestFinished(() => {
    tracing[Symbol.dispose]();
  });
  expect(
    thrown(() => {
      own.waitSync(1, { timeoutMs: 0.1 });
    }).code,
  ).toBe('ETIME');
  own.advanceTo(1);
  expect(told).toEqual(['init 1', 'waits 1', '1 timeout', 'signaled 1']);
});

test.each([
  [undefined, 'signaled'],
  ['EIO' as const, 'failed'],
])('a tracer is told how a blocking wait ended: with %s it ended as %s', (error, outcome) => {
  const own = timeline();
  const ends: string[] = [];
  const tracing = addFenceTracer({ waitEnd: (_fence, _token, ended) => ends.push(ended) });
  const sleep = vi.spyOn(Atomics, 'wait').mockImplementationOnce(() => {
    // What another thread does meanwhile.
    otherThread(own).progress.advance(1, error === undefined ? 0 : 5);
    return 'ok';
  });
  onTestFinished(() => {
    tracing[Symbol.dispose]();
    sleep.mockRestore();
  });
  if (error === undefined) own.waitSync(1);
  else
    expect(
      thrown(() => {
        own.waitSync(1);
      }),
    ).toMatchObject({ code: error });
  expect(ends).toEqual([outcome]);
  expect(words(own)[VALUE]).toBe(encode(1));
});
