import {
  DmaReservation,
  SyncObject,
  waitAll,
  waitAny,
  type DriverFence,
  type WaitOptions,
} from '@dma-fence/core';
import { virtualClock } from '@dma-fence/core/testing';
import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { callbackErrors, context, hangingOn, isOpen, planted, rejection, settled } from '../support.js';

function fences(count: number): DriverFence[] {
  const own = context();
  return Array.from({ length: count }, () => own.createFence());
}

/** How many listeners a signal has. */
const listeners = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

describe('waits with one abort signal', () => {
  test('share one listener, whatever they wait for, and take it along', async () => {
    // One task plays all of them here: the validator takes it for one that locks twice and signals under its lock.
    planted('lock-order');
    planted('lock-under-wait');
    const { signal } = new AbortController();
    const [a, b, c] = fences(3) as [DriverFence, DriverFence, DriverFence];
    using slot = new SyncObject();
    const buffer = new DmaReservation();
    const lock = buffer.tryLock();
    const waits = [
      a.wait({ signal }),
      a.wait({ signal }),
      waitAll([a, b], { signal }),
      waitAny([b, c], { signal }),
      slot.wait({ waitForSubmit: true, signal }),
      buffer.lock(undefined, { signal }).then((next) => {
        next.unlock();
      }),
    ];
    await settled();
    expect(listeners(signal)).toBe(1);
    a.signal();
    b.signal();
    slot.signal();
    expect(listeners(signal)).toBe(1);
    lock?.unlock();
    await Promise.all(waits);
    expect(listeners(signal)).toBe(0);
    const late = c.wait({ signal });
    expect(listeners(signal)).toBe(1);
    c.signal();
    await late;
    expect(listeners(signal)).toBe(0);
  });

  test('end in the order in which they began, each with its reason, and leave nothing on their fences', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const order: number[] = [];
    const list = fences(1000);
    const waits = list.map((fence, index) =>
      fence.wait({ signal }).catch((reason: unknown) => {
        order.push(index);
        return reason;
      }),
    );
    const reason = new Error('leaving');
    controller.abort(reason);
    expect(await Promise.all(waits)).toEqual(Array(1000).fill(reason));
    expect(order.every((index, place) => index === place)).toBe(true);
    expect([listeners(signal), ...list.map(hangingOn)]).toEqual([0, ...Array<undefined>(1000)]);
  });

  test('one that has ended is not aborted; one that begins afterwards rejects at once', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const [a, b] = fences(2) as [DriverFence, DriverFence];
    const over = a.wait({ signal });
    const aborted = rejection(b.wait({ signal }));
    a.signal();
    controller.abort();
    await over;
    expect((await aborted).name).toBe('AbortError');
    expect((await rejection(b.wait({ signal }))).name).toBe('AbortError');
    expect(hangingOn(b)).toBeUndefined();
  });
});

describe('a signal that is odd', () => {
  const incomplete = { aborted: false, addEventListener: () => undefined } as unknown as AbortSignal;

  test.each([
    ['wait()', (options: WaitOptions) => (fences(1)[0] as DriverFence).wait(options)],
    ['waitAll()', (options: WaitOptions) => waitAll(fences(2), options)],
    ['SyncObject', (options: WaitOptions) => new SyncObject().wait({ waitForSubmit: true, ...options })],
    ['reservation', (options: WaitOptions) => new DmaReservation().lock(undefined, options)],
  ])('without removeEventListener is refused before anything has changed: %s', async (who, wait) => {
    for (const signal of [incomplete, 5, null, 'abort'] as unknown as AbortSignal[]) {
      expect(await rejection(wait({ signal }))).toMatchObject({
        code: 'EINVAL',
        message: expect.stringContaining(who) as string,
      });
    }
  });

  /** A signal whose listener is not taken off. */
  function sticky(
    remove: () => void = () => {
      throw new Error('it stays');
    },
  ): { signal: AbortSignal; abort: () => void } {
    const heard: (() => void)[] = [];
    const signal = {
      aborted: false,
      reason: new Error('aborted'),
      addEventListener: (_type: string, listener: () => void) => heard.push(listener),
      removeEventListener: remove,
    } as unknown as AbortSignal;
    return {
      signal,
      abort: () => {
        for (const listener of heard) listener();
      },
    };
  }

  test.each([
    ['wait()', (fence: DriverFence, options: WaitOptions) => fence.wait(options)],
    ['waitAll()', (fence: DriverFence, options: WaitOptions) => waitAll([fence, fence], options)],
    ['waitAny()', (fence: DriverFence, options: WaitOptions) => waitAny([fence], options)],
  ])('that throws when it is left is no matter of the producer: %s', async (_, wait) => {
    const errors = callbackErrors();
    const [fence] = fences(1) as [DriverFence];
    const { signal } = sticky();
    const waited = wait(fence, { signal });
    let later = false;
    fence.addCallback(() => (later = true));
    expect(fence.signal()).toBe(true);
    await waited;
    expect([later, errors.map(({ error }) => (error as Error).message)]).toEqual([true, ['it stays']]);
  });

  test('that throws when it is listened to rejects the wait, which leaves nothing behind', async () => {
    using clock = virtualClock();
    const [fence] = fences(1) as [DriverFence];
    const boom = new Error('no listeners');
    const deaf = {
      aborted: false,
      addEventListener: () => {
        throw boom;
      },
      removeEventListener: () => undefined,
    } as unknown as AbortSignal;
    await expect(fence.wait({ signal: deaf, timeoutMs: 10 })).rejects.toBe(boom);
    expect([hangingOn(fence), clock.timers]).toEqual([undefined, 0]);
  });

  test('that calls its listener twice, or after the end, ends nothing again', async () => {
    const [a, b] = fences(2) as [DriverFence, DriverFence];
    const { signal, abort } = sticky(() => undefined);
    const waited = a.wait({ signal });
    a.signal();
    await waited;
    const other = b.wait({ signal });
    expect(await isOpen(other)).toBe(true);
    abort();
    abort();
    expect((await rejection(other)).message).toBe('aborted');
    expect(hangingOn(b)).toBeUndefined();
  });
});
