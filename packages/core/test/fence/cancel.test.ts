import { FenceCallback, FenceError, type DriverFence } from '@dma-fence/core';
import { describe, expect, test } from 'vitest';
import { context, ownContext, rejection, thrown, warnings } from '../support.js';

const cancelable = () => context({ cancelable: true });

describe('cancel', () => {
  test('fails every pending fence, ascending, before it returns', () => {
    const own = cancelable();
    const fences = [own.createFence(), own.createFence(), own.createFence(), own.createFence()];
    const told: number[] = [];
    for (const fence of fences.toReversed()) fence.addCallback(({ seqno }) => void told.push(seqno));
    fences[1]?.signal();
    told.length = 0;
    own.cancel();
    expect(told).toEqual([1, 3, 4]);
    expect(fences.map(({ status }) => status)).toEqual(['failed', 'signaled', 'failed', 'failed']);
    expect(fences[0]?.error?.code).toBe('ECANCELED');
    expect(fences[0]?.error).toBe(fences[3]?.error);
    expect(own.pending).toBe(0);
  });

  test('ascending also where init made a later fence first', () => {
    const own = cancelable();
    const told: number[] = [];
    let inner: DriverFence | undefined;
    const outer = own.createFenceWith(() => {
      inner = own.createFence();
    });
    for (const fence of [outer, inner]) fence?.addCallback(({ seqno }) => void told.push(seqno));
    own.cancel();
    expect(told).toEqual([1, 2]);
  });

  test('with a code or an error of the caller; the first one stays', () => {
    const own = cancelable();
    const fence = own.createFence();
    const reason = new FenceError('ENODEV', 'unplugged');
    own.cancel(reason);
    own.cancel('EIO');
    own[Symbol.dispose]();
    expect(fence.error).toBe(reason);
    const error = thrown(() => own.createFence());
    expect([error.code, error.cause]).toEqual(['ECANCELED', reason]);
    expect(error.message).toContain('createFence() after cancel(); make a new context');
    expect(thrown(() => own.createFenceWith(() => 1)).code).toBe('ECANCELED');
    expect(thrown(() => own.run(() => undefined)).code).toBe('ECANCELED');
  });

  test('an unknown code is refused before anything has changed', () => {
    const own = cancelable();
    const fence = own.createFence();
    expect(thrown(() => own.cancel('ENOPE' as never)).code).toBe('EINVAL');
    expect(fence.signaled).toBe(false);
    expect(own.createFence().seqno).toBe(2);
  });

  test('from inside a callback that it runs, it goes on once, in order', () => {
    const own = cancelable();
    const [first, second, third] = [own.createFence(), own.createFence(), own.createFence()];
    const told: string[] = [];
    const removed = new FenceCallback(() => void told.push('removed'));
    first.addCallback(() => {
      told.push('first');
      own.cancel('EIO');
      third.signal();
      second.removeCallback(removed);
    });
    second.addCallback(removed);
    second.addCallback(() => void told.push('second'));
    third.addCallback(() => void told.push('third'));
    own.cancel();
    expect(told).toEqual(['first', 'third', 'second']);
    expect([second.error?.code, third.status]).toEqual(['ECANCELED', 'signaled']);
  });

  test('a fence whose init cancels is born failed, and owns its data', () => {
    const own = cancelable();
    const fence = own.createFenceWith(() => {
      own.cancel();
      return 'data';
    });
    expect([fence.error?.code, fence.data]).toEqual(['ECANCELED', 'data']);
  });

  test('a fence that was dropped while pending is forgotten', () => {
    const heard = warnings();
    const own = ownContext({ cancelable: true });
    own.createFence().put();
    expect(heard[0]).toContain('EDEADLK');
    own.cancel();
    expect(own.pending).toBe(0);
  });

  test('a context that is not cancelable refuses, and names the option', () => {
    const own = context();
    const fence = own.createFence();
    const error = thrown(() => own.cancel());
    expect([error.code, fence.status]).toEqual(['EINVAL', 'pending']);
    expect(error.message).toContain('cancel() needs the option cancelable: true');
  });
});

describe('dispose', () => {
  test('cancels where the context is cancelable', () => {
    const heard = warnings();
    const own = cancelable();
    const fence = own.createFence();
    own[Symbol.dispose]();
    own[Symbol.dispose]();
    expect(fence.error?.code).toBe('ECANCELED');
    expect(heard).toEqual([]);
  });

  test('elsewhere warns of fences that are pending, and leaves them alone', () => {
    const heard = warnings();
    const own = context();
    own[Symbol.dispose]();
    expect(heard).toEqual([]);
    const fence = own.createFence();
    own[Symbol.dispose]();
    expect(heard[0]).toContain('disposed of with 1 fences pending');
    expect(fence.signaled).toBe(false);
  });
});

describe('run', () => {
  test('runs the work at once and signals with its end', async () => {
    const own = ownContext();
    const told: string[] = [];
    using now = own.run(() => void told.push('now'));
    expect([told, now.status, now.refCount]).toEqual([['now'], 'signaled', 1]);
    using later = own.run(() => Promise.resolve().then(() => void told.push('later')));
    expect(later.status).toBe('pending');
    await later.wait();
    expect(told).toEqual(['now', 'later']);
  });

  test('leaves an error to the fence alone', async () => {
    const own = ownContext();
    const reason = new FenceError('ENODATA', 'nothing there');
    using fence = own.run(async () => {
      await Promise.resolve();
      throw reason;
    });
    expect(await rejection(fence.wait())).toBe(reason);
    using thrower = own.run(() => {
      throw new Error('at once');
    });
    expect(thrower.error).toMatchObject({
      code: 'EIO',
      message: expect.stringContaining('at once') as string,
    });
  });

  test('its fence may be put at once: the work keeps it', async () => {
    const heard = warnings();
    const unheard: string[] = [];
    const own = ownContext({ ops: { unheard: (fence) => void unheard.push(fence.error?.code ?? '') } });
    const fence = own.run(() => Promise.reject(new Error('nobody listens')));
    fence.put();
    await expect.poll(() => fence.refCount).toBe(0);
    expect([heard, unheard]).toEqual([[], ['EIO']]);
  });

  test('is over when the context is canceled meanwhile, whatever the work says later', async () => {
    const own = ownContext({ cancelable: true });
    let finish = (): void => undefined;
    using fence = own.run(() => new Promise<void>((resolve) => (finish = resolve)));
    own.cancel();
    finish();
    await Promise.resolve();
    expect(fence.error?.code).toBe('ECANCELED');
  });

  test('refuses what is no function before a number is used up', () => {
    const own = ownContext();
    expect(thrown(() => own.run(5 as never)).message).toContain('work of run() must be a function, not 5');
    expect(own.lastSeqno).toBe(0);
  });
});
