import { addFenceTracer, waitAll, waitAny, type WaitOptions } from '@dma-fence/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { context, forTest, ownContext, rejection, settled, warnings } from '../support.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** What a tracer hears of waits: `1` where the wait for fence 1 begins, `1 signaled` where it ends. */
function heard(): string[] {
  const told: string[] = [];
  forTest(
    addFenceTracer({
      waitStart: ({ seqno }) => void told.push(String(seqno)),
      waitEnd: ({ seqno }, _token, outcome) => void told.push(`${String(seqno)} ${outcome}`),
    }),
  );
  return told;
}

const both = [
  ['waitAll', waitAll],
  ['waitAny', waitAny],
] as const;

describe.each(both)('%s tells tracers of each fence once, with its own outcome', (name, wait) => {
  const isAll = name === 'waitAll';

  test('when it is over', async () => {
    const told = heard();
    const ring = context();
    const [a, b] = [ring.createFence(), ring.createFence()];
    const waiting = wait([a, b, a]);
    expect(told).toEqual(['1', '2']);
    a.signal();
    expect(told.slice(2)).toEqual(isAll ? ['1 signaled'] : ['1 signaled', '2 aborted']);
    b.signal();
    expect(told.slice(2)).toEqual(isAll ? ['1 signaled', '2 signaled'] : ['1 signaled', '2 aborted']);
    await waiting;
  });

  test('when one fails', async () => {
    const told = heard();
    const ring = context();
    const [a, b] = [ring.createFence(), ring.createFence()];
    const waiting = wait([a, b]).catch(() => undefined);
    b.fail('EIO');
    expect(told.slice(2).sort()).toEqual(['1 aborted', '2 failed']);
    await waiting;
  });

  test('when its time is over', async () => {
    const told = heard();
    const ring = context();
    const waiting = rejection(wait([ring.createFence(), ring.createFence()], { timeoutMs: 5 }));
    await vi.advanceTimersByTimeAsync(5);
    await waiting;
    expect(told.slice(2)).toEqual(['1 timeout', '2 timeout']);
  });

  test('when it is aborted, and nothing when it was aborted before', async () => {
    const told = heard();
    const ring = context();
    const stop = new AbortController();
    const waiting = rejection(wait([ring.createFence(), ring.createFence()], { signal: stop.signal }));
    await settled();
    stop.abort('stop');
    await waiting;
    expect(told.slice(2)).toEqual(['1 aborted', '2 aborted']);
    await rejection(wait([ring.createFence(), ring.createFence()], { signal: stop.signal }));
    expect(told).toHaveLength(4);
  });

  test('when it only polls', async () => {
    const told = heard();
    const ring = context({ ops: { isSignaled: ({ seqno }) => seqno === 2 } });
    const [a, b] = [ring.createFence(), ring.createFence()];
    const outcome = wait([a, b, a, b], { timeoutMs: 0 });
    if (isAll) await rejection(outcome);
    else expect(await outcome).toBe(1);
    expect(told).toEqual(['1', '2', isAll ? '1 timeout' : '1 aborted', '2 signaled']);
  });
});

describe.each(both)('%s', (_name, wait) => {
  const asked: number[] = [];
  beforeEach(() => {
    asked.length = 0;
  });
  const asking = {
    ops: { enableSignaling: ({ seqno }: { seqno: number }) => asked.push(seqno) > 0 },
  };

  test('asks every exporter to signal, also when it only polls', async () => {
    const ring = context(asking);
    await rejection(wait([ring.createFence(), ring.createFence()], { timeoutMs: 0 }));
    expect(asked).toEqual([1, 2]);
  });

  test('asks none when it is aborted already', async () => {
    const ring = context(asking);
    const options: WaitOptions = { signal: AbortSignal.abort('gone') };
    expect(await rejection(wait([ring.createFence(), ring.createFence()], options))).toBe('gone');
    expect(asked).toEqual([]);
  });

  test('rejects when an exporter that it asks aborts it, and leaves nothing behind', async () => {
    const stop = new AbortController();
    const ring = context({
      ops: {
        enableSignaling() {
          stop.abort('stop');
          return true;
        },
      },
    });
    const fences = [ring.createFence(), ring.createFence()];
    expect(await rejection(wait(fences, { signal: stop.signal, timeoutMs: 50 }))).toBe('stop');
  });
});

test('waitAll rejects with the failure that came first, whichever place it has', async () => {
  const ring = context();
  const [a, b] = [ring.createFence(), ring.createFence()];
  b.fail('EIO');
  a.fail('ETIME');
  expect(await rejection(waitAll([a, b]))).toBe(b.error);
  expect(await rejection(waitAll([b, a]))).toBe(b.error);
});

test('a poll passes over a fence that an exporter drops meanwhile', async () => {
  warnings();
  const ring = ownContext();
  const dropped = ring.createFence();
  const asking = ownContext({
    ops: {
      enableSignaling() {
        dropped.put();
        return true;
      },
    },
  });
  const fence = asking.createFence();
  expect((await rejection(waitAll([fence, dropped], { timeoutMs: 0 }))).code).toBe('EDEADLK');
  fence.signal();
  fence.put();
});
