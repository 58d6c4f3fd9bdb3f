import { FenceError, isDmaFence, type DmaFence } from '@dma-fence/core';
import { describe, expect, test } from 'vitest';
import { callbackErrors, context, ownContext, thrown, warnings } from '../support.js';

describe('a fence', () => {
  test('is pending, without error or time, until it signals', () => {
    const fence = context().createFence();
    expect(fence).toMatchObject({
      signaled: false,
      status: 'pending',
      error: undefined,
      timestamp: undefined,
      refCount: 1,
      traceState: undefined,
    });
  });

  test('is named driver:timeline:context:seqno', () => {
    const own = context();
    expect(own.createFence().name).toBe(`gpu:ring0:${String(own.id)}:1`);
  });

  test('signals success once and says who won', () => {
    const fence = context().createFence();
    expect(fence.signal()).toBe(true);
    expect(fence).toMatchObject({ signaled: true, status: 'signaled', error: undefined });
    expect(fence.signal(5)).toBe(false);
    expect(fence.fail('EIO')).toBe(false);
    expect(fence).toMatchObject({ status: 'signaled', error: undefined, timestamp: undefined });
  });

  test('signals failure once; the first error stays', () => {
    const fence = context().createFence();
    expect(fence.fail('ETIME')).toBe(true);
    const first = fence.error;
    expect(fence).toMatchObject({ signaled: true, status: 'failed' });
    expect(fence.fail('EIO')).toBe(false);
    expect(fence.signal()).toBe(false);
    expect(fence.error).toBe(first);
    expect(first).toBeInstanceOf(FenceError);
  });

  test('keeps its tracer slot for the tracer', () => {
    const fence = context().createFence();
    fence.traceState = { span: 1 };
    expect(fence.traceState).toEqual({ span: 1 });
  });

  test('isDmaFence knows a fence from everything else', () => {
    expect(isDmaFence(context().createFence())).toBe(true);
    for (const other of [undefined, null, 1, {}, context(), Object.create(null)])
      expect(isDmaFence(other)).toBe(false);
  });
});

describe('isLaterThan', () => {
  test('compares numbers of one context', () => {
    const own = context();
    const [first, second] = [own.createFence(), own.createFence()];
    expect(second.isLaterThan(first)).toBe(true);
    expect(first.isLaterThan(second)).toBe(false);
    expect(first.isLaterThan(first)).toBe(false);
  });

  test('across contexts there is no order: EINVAL that names both', () => {
    const [one, other] = [context().createFence(), context().createFence()];
    const error = thrown(() => one.isLaterThan(other));
    expect(error.code).toBe('EINVAL');
    expect(error.message).toContain(one.name);
    expect(error.message).toContain(other.name);
  });

  test('refuses what is no fence', () => {
    const fence = context().createFence();
    expect(thrown(() => fence.isLaterThan({} as DmaFence))).toMatchObject({
      code: 'EINVAL',
      message: `fence ${fence.name}: other of isLaterThan() must be a fence, not an object`,
    });
  });
});

describe('references', () => {
  test('get returns the same fence and counts up, put counts down', () => {
    const fence = context().createFence();
    expect(fence.get()).toBe(fence);
    expect(fence.refCount).toBe(2);
    fence.put();
    expect(fence.refCount).toBe(1);
  });

  test('using balances a get', () => {
    const fence = context().createFence();
    {
      using ref = fence.get();
      expect(ref.refCount).toBe(2);
    }
    expect(fence.refCount).toBe(1);
  });

  test('the last put disposes of data, then tells the exporter', () => {
    const order: string[] = [];
    const data = { [Symbol.dispose]: () => void order.push('data') };
    const own = ownContext({
      ops: { release: (fence) => void order.push(`release ${String(fence.seqno)}`) },
    });
    const fence = own.createFence(data);
    fence.get();
    fence.signal();
    fence.put();
    expect(order).toEqual([]);
    fence.put();
    expect(order).toEqual(['data', 'release 1']);
  });

  test('data is disposed of as a method of itself, functions too', () => {
    const seen: unknown[] = [];
    const object = {
      [Symbol.dispose](this: unknown) {
        seen.push(this);
      },
    };
    const callable = Object.assign(() => 0, object);
    for (const data of [object, callable]) {
      const fence = ownContext().createFence(data);
      fence.signal();
      fence.put();
    }
    expect(seen).toEqual([object, callable]);
  });

  test.each([undefined, null, 5, 'text', {}, { [Symbol.dispose]: 5 }])(
    'data that cannot be disposed of (%j) is left alone',
    (data) => {
      const errors = callbackErrors();
      const fence = ownContext().createFence(data);
      fence.signal();
      fence.put();
      expect(fence.data).toBe(data);
      expect(errors).toEqual([]);
    },
  );

  test('disposers and release that throw are reported, and the work goes on', () => {
    const errors = callbackErrors();
    const fence = ownContext({
      ops: {
        release: () => {
          throw new Error('release');
        },
      },
    }).createFence({
      [Symbol.dispose]: () => {
        throw new Error('dispose');
      },
    });
    fence.signal();
    fence.put();
    expect(errors).toEqual([
      { error: new Error('dispose'), fence },
      { error: new Error('release'), fence },
    ]);
  });

  test('after the last put every method but removeCallback throws and says why', () => {
    const fence = ownContext().createFence();
    fence.signal();
    fence.put();
    const calls: Record<string, () => unknown> = {
      get: () => fence.get(),
      put: () => {
        fence.put();
      },
      signal: () => fence.signal(),
      fail: () => fence.fail('EIO'),
      poll: () => fence.poll(),
      enableSignaling: () => {
        fence.enableSignaling();
      },
      addCallback: () => fence.addCallback(() => undefined),
      setDeadline: () => {
        fence.setDeadline(1);
      },
      isLaterThan: () => fence.isLaterThan(fence),
      beginSignalling: () => fence.beginSignalling(),
      emit: () => {
        fence.emit();
      },
    };
    for (const [name, call] of Object.entries(calls)) {
      expect(thrown(call)).toMatchObject({
        code: 'EINVAL',
        message: `fence ${fence.name}: ${name}() was used after its last reference was put; get() one of your own`,
      });
    }
    expect(
      thrown(() => {
        fence[Symbol.dispose]();
      }).code,
    ).toBe('EINVAL');
    expect(fence).toMatchObject({
      refCount: 0,
      status: 'signaled',
      signaled: true,
      error: undefined,
      seqno: 1,
    });
  });
});

describe('an unsignaled fence at its last put', () => {
  test('fails with EDEADLK, warns naming itself, and is no longer pending', () => {
    const heard = warnings();
    const own = ownContext();
    const fence = own.createFence();
    fence.put();
    expect(fence).toMatchObject({ status: 'failed', error: { code: 'EDEADLK' } });
    expect(own.pending).toBe(0);
    expect(heard).toEqual([
      `fence ${fence.name}: its last reference was put while it was pending: it fails with EDEADLK; signal or fail it before`,
    ]);
    expect(fence.error?.message).toBe(heard[0]);
  });

  test('a signaled one warns of nothing', () => {
    const heard = warnings();
    const fence = ownContext().createFence();
    fence.signal();
    fence.put();
    expect(heard).toEqual([]);
  });

  test('runs its callbacks before data is disposed of and released', () => {
    warnings();
    const order: string[] = [];
    const fence = ownContext({ ops: { release: () => void order.push('release') } }).createFence({
      [Symbol.dispose]: () => void order.push('data'),
    });
    fence.addCallback(({ error }) => void order.push(`callback ${String(error?.code)}`));
    fence.put();
    expect(order).toEqual(['callback EDEADLK', 'data', 'release']);
  });

  test('cannot be resurrected from there', () => {
    warnings();
    const errors = callbackErrors();
    const fence = ownContext({ ops: { release: (dying) => void dying.get() } }).createFence();
    fence.addCallback((dying) => void dying.get());
    fence.put();
    expect(errors.map(({ error }) => (error as FenceError).code)).toEqual(['EINVAL', 'EINVAL']);
    expect(fence.refCount).toBe(0);
  });
});

test('data that cannot even be asked for its disposer is reported, and the rest of the release goes on', () => {
  const errors = callbackErrors();
  const done: string[] = [];
  const cause = new Error('no longer there');
  const data = {
    get [Symbol.dispose](): () => void {
      throw cause;
    },
  };
  const fence = ownContext({ ops: { release: () => void done.push('release') } }).createFence(data);
  fence.signal();
  fence.put();
  expect(errors).toEqual([{ error: cause, fence }]);
  expect(done).toEqual(['release']);
  expect(fence.refCount).toBe(0);
});
