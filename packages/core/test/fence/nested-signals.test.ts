import { FenceCallback, fenceArray, waitAny, type DriverFence } from '@dma-fence/core';
import { describe, expect, test } from 'vitest';
import { callbackErrors, context, ownContext, warnings } from '../support.js';

// A callback may signal the next fence, whose callback signals the next one … The stack of any engine has an end: so from 64 levels
// on the callbacks of a signal wait for the stack to come back by one level. Nothing else differs.

const DEEPEST = 64;

/** Fences of which each has a callback that calls `step`, then signals the next one. */
function chainOfSignals(count: number, step: (index: number) => void): DriverFence[] {
  const own = context();
  const fences = Array.from({ length: count }, () => own.createFence());
  for (const [index, fence] of fences.entries()) {
    fence.addCallback(() => {
      step(index);
      fences[index + 1]?.signal();
    });
  }
  return fences;
}

describe('callbacks that each signal the next fence', () => {
  test('work at any depth, in order, and all have run when the first signal returns', () => {
    const order: number[] = [];
    const fences = chainOfSignals(100_000, (index) => order.push(index));
    fences[0]?.signal();
    expect(order).toHaveLength(100_000);
    expect(order.every((index, place) => index === place)).toBe(true);
  });

  test('run before the signal that is nested in less than 64 others returns', () => {
    const returned: [number, number][] = [];
    let ran = 0;
    const own = context();
    const fences = Array.from({ length: 200 }, () => own.createFence());
    for (const [index, fence] of fences.entries()) {
      fence.addCallback(() => {
        ran++;
        if (fences[index + 1]?.signal() === true) returned.push([index + 1, ran]);
      });
    }
    fences[0]?.signal();
    for (const [level, count] of returned) expect(count).toBe(level < DEEPEST ? 200 : level);
    expect(returned).toHaveLength(199);
  });

  test('too deep, their fence is signaled at once, and its callbacks run in order of signalling', () => {
    const order: string[] = [];
    const own = context();
    const [x, y] = [own.createFence(), own.createFence()];
    x.addCallback(() => order.push('x'));
    x.addCallback(() => order.push('x again'));
    y.addCallback(() => order.push('y'));
    const fences = chainOfSignals(DEEPEST, (index) => {
      if (index < DEEPEST - 1) return;
      order.push(
        `${String(x.signal())} ${x.status}`,
        `${String(y.fail('EIO'))} ${y.status}`,
        String(x.signal()),
      );
    });
    fences[0]?.signal();
    expect(order).toEqual(['true signaled', 'true failed', 'false', 'x', 'x again', 'y']);
  });

  test('too deep, one that throws stops no other, and a record can still be removed', () => {
    const errors = callbackErrors();
    const order: string[] = [];
    const x = context().createFence();
    const removed = new FenceCallback(() => order.push('never'));
    x.addCallback(() => {
      throw new Error('thrown');
    });
    x.addCallback(removed);
    x.addCallback(() => order.push('last'));
    const fences = chainOfSignals(DEEPEST, (index) => {
      if (index < DEEPEST - 1) return;
      x.signal();
      order.push(String(x.removeCallback(removed)));
    });
    fences[0]?.signal();
    expect(order).toEqual(['true', 'last']);
    expect(errors.map(({ error, fence }) => [(error as Error).message, fence])).toEqual([['thrown', x]]);
  });

  test('too deep, a fence is there for its callbacks when its last reference is put meanwhile', () => {
    const heard = warnings();
    const log: string[] = [];
    const own = ownContext({ ops: { release: ({ seqno }) => void log.push(`released ${String(seqno)}`) } });
    const data = (name: string): Disposable => ({
      [Symbol.dispose]: () => void log.push(`disposed of ${name}`),
    });
    const [signaled, dropped] = [own.createFence(data('one')), own.createFence(data('two'))];
    for (const fence of [signaled, dropped])
      fence.addCallback(({ seqno, status }) => log.push(`callback ${String(seqno)} ${status}`));
    const fences = chainOfSignals(DEEPEST, (index) => {
      if (index < DEEPEST - 1) return;
      signaled.signal();
      signaled.put();
      dropped.put();
      log.push('put');
    });
    fences[0]?.signal();
    expect(log).toEqual([
      'put',
      'callback 1 signaled',
      'callback 2 failed',
      'disposed of two',
      'released 2',
      'disposed of one',
      'released 1',
    ]);
    expect(heard).toHaveLength(1);
    expect([signaled.refCount, dropped.refCount, own.pending]).toEqual([0, 0, 0]);
  });

  test('go through arrays and waits as well', async () => {
    const own = context();
    const fences = Array.from({ length: 2000 }, () => own.createFence());
    const arrays = fences.map((fence) => fenceArray([fence]));
    for (const [index, array] of arrays.entries()) array.addCallback(() => fences[index + 1]?.signal());
    const first = waitAny(arrays.slice(1000));
    fences[0]?.signal();
    expect(fences.every(({ signaled }) => signaled)).toBe(true);
    expect(await first).toBe(0);
    for (const array of arrays) array.put();
  });

  test('one that signals many wakes each of them once, however wide and deep', () => {
    const own = context();
    let ran = 0;
    const fan = (depth: number): DriverFence => {
      const fence = own.createFence();
      const next = depth === 0 ? [] : [fan(depth - 1), fan(depth - 1)];
      fence.addCallback(() => {
        ran++;
        for (const one of next) one.signal();
      });
      return fence;
    };
    const wide = fan(10);
    const fences = chainOfSignals(DEEPEST - 3, (index) => {
      if (index === DEEPEST - 4) wide.signal();
    });
    fences[0]?.signal();
    expect(ran).toBe(2 ** 11 - 1);
  });
});
