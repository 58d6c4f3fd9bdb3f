import { beginSignalling, FenceError } from '@dma-fence/core';
import { describe, expect, test } from 'vitest';
import { context, ownContext, isOpen, planted, rejection, settled, thrown, warnings } from './support.js';

describe('a free section', () => {
  test('is active until it is ended; ending twice is harmless', () => {
    const section = beginSignalling();
    expect(section.active).toBe(true);
    section.end();
    expect(section.active).toBe(false);
    section.end();
    section[Symbol.dispose]();
    expect(section.active).toBe(false);
  });

  test('nests for free, and ends out of order are harmless while the validator is off', () => {
    planted('section-order');
    const [outer, inner] = [beginSignalling(), beginSignalling()];
    outer.end();
    expect([outer.active, inner.active]).toEqual([false, true]);
    inner.end();
    expect(inner.active).toBe(false);
  });

  test('using ends it', () => {
    let kept;
    {
      using section = beginSignalling();
      kept = section;
      expect(kept.active).toBe(true);
    }
    expect(kept.active).toBe(false);
  });

  test('belongs to no fence: any number may signal in it, in any order', () => {
    const own = context();
    const [a, b] = [own.createFence(), own.createFence()];
    const section = beginSignalling();
    b.signal();
    a.fail('EIO');
    expect(section.active).toBe(true);
    section.end();
  });
});

describe("a fence's own section", () => {
  test('is over at signal or fail by itself; its guard may be dropped', () => {
    for (const finish of ['signal', 'fail'] as const) {
      const fence = context().createFence();
      const section = fence.beginSignalling();
      expect(section.active).toBe(true);
      if (finish === 'signal') fence.signal();
      else fence.fail('EIO');
      expect(section.active).toBe(false);
      section.end();
    }
  });

  test('can be ended by hand, and does not signal then', () => {
    const fence = context().createFence();
    const section = fence.beginSignalling();
    section[Symbol.dispose]();
    section.end();
    expect(section.active).toBe(false);
    expect(fence.status).toBe('pending');
  });

  test('begun again it has no effect and warns once a fence, also after its guard was ended', () => {
    const heard = warnings();
    const fence = context().createFence();
    const first = fence.beginSignalling();
    first.end();
    const again = fence.beginSignalling();
    expect(again.active).toBe(false);
    again.end();
    fence.beginSignalling();
    expect(heard).toEqual([
      `fence ${fence.name}: beginSignalling() a second time has no effect; begin once, on publishing it`,
    ]);
  });

  test('late: after the signal it has no effect and warns once', () => {
    const heard = warnings();
    const fence = context().createFence();
    fence.signal();
    expect(fence.beginSignalling().active).toBe(false);
    fence.beginSignalling();
    expect(heard).toEqual([
      `fence ${fence.name}: beginSignalling() after the signal has no effect; begin once, on publishing it`,
    ]);
  });
});

describe('signalAfter', () => {
  test('starts the work at once and signals when it is done', async () => {
    const fence = context().createFence();
    let finish: (value: number) => void = () => undefined;
    let started = false;
    const after = fence.signalAfter(() => {
      started = true;
      return new Promise<number>((resolve) => {
        finish = resolve;
      });
    });
    expect(started).toBe(true);
    expect(fence.status).toBe('pending');
    finish(42);
    await expect(after).resolves.toBe(42);
    expect(fence.status).toBe('signaled');
  });

  test('work that is done when it returns signals before signalAfter returns', async () => {
    const fence = context().createFence();
    const after = fence.signalAfter(() => 'now');
    expect(fence.status).toBe('signaled');
    await expect(after).resolves.toBe('now');
  });

  test('any thenable is waited for, functions with a then too', async () => {
    const fence = context().createFence();
    const thenable = Object.assign(() => undefined, {
      then(resolve: (value: string) => void) {
        resolve('later');
      },
    });
    await expect(fence.signalAfter(() => thenable as unknown as PromiseLike<string>)).resolves.toBe('later');
    expect(fence.status).toBe('signaled');
  });

  test.each([null, undefined, 0, { then: 5 }])('a result of %j is no thenable', async (result) => {
    const fence = context().createFence();
    const after = fence.signalAfter(() => result);
    expect(fence.status).toBe('signaled');
    await expect(after).resolves.toBe(result);
  });

  test('on a throw the fence fails, and the promise rejects with exactly what was thrown', async () => {
    const sync = context().createFence();
    const error = new RangeError('too far');
    const rejected = rejection(
      sync.signalAfter(() => {
        throw error;
      }),
    );
    expect(sync.error).toMatchObject({
      code: 'EIO',
      cause: error,
      message: `fence ${sync.name} failed: too far`,
    });
    expect(await rejected).toBe(error);
    const later = context().createFence();
    const reason = new FenceError('ENODATA');
    expect(await rejection(later.signalAfter(() => Promise.reject(reason)))).toBe(reason);
    expect(later.error).toBe(reason);
    const odd = context().createFence();
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- anything can be thrown
    expect(await rejection(odd.signalAfter(() => Promise.reject('EIO')))).toBe('EIO');
    expect(odd.error).toMatchObject({
      code: 'EIO',
      cause: 'EIO',
      message: `fence ${odd.name} failed: "EIO" was thrown`,
    });
  });

  test('keeps the fence alive until the work is done, whoever puts it meanwhile', async () => {
    const heard = warnings();
    const fence = ownContext().createFence();
    let finish: () => void = () => undefined;
    const after = fence.signalAfter(() => new Promise<void>((resolve) => (finish = resolve)));
    expect(fence.refCount).toBe(2);
    fence.put();
    finish();
    await after;
    expect(fence).toMatchObject({ status: 'signaled', refCount: 0 });
    expect(heard).toEqual([]);
  });

  test('late: on a fence that is over the work runs all the same, and changes nothing', async () => {
    const heard = warnings();
    const done = context().createFence();
    done.fail('ETIME');
    await expect(done.signalAfter(() => 1)).resolves.toBe(1);
    const error = new Error('x');
    expect(await rejection(done.signalAfter(() => Promise.reject(error)))).toBe(error);
    expect(done.error?.code).toBe('ETIME');
    expect(done.refCount).toBe(1);
    expect(heard).toEqual([]);
  });

  test('the timeout wins over work that ends later', async () => {
    const fence = context().createFence();
    let finish: () => void = () => undefined;
    const after = fence.signalAfter(() => new Promise<void>((resolve) => (finish = resolve)));
    fence.fail('ETIME');
    finish();
    await after;
    expect(fence.error?.code).toBe('ETIME');
  });

  test('a fence put once too often inside the work does not hide the result', async () => {
    warnings();
    const ok = ownContext().createFence();
    await expect(
      ok.signalAfter(async () => {
        await settled();
        ok.put();
        ok.put();
        return 5;
      }),
    ).resolves.toBe(5);
    const bad = ownContext().createFence();
    const error = new Error('work');
    expect(
      await rejection(
        bad.signalAfter(() => {
          bad.put();
          bad.put();
          throw error;
        }),
      ),
    ).toBe(error);
    expect([ok.error?.code, bad.error?.code]).toEqual(['EDEADLK', 'EDEADLK']);
  });

  test('counts as published: a beginSignalling inside has no effect and warns', async () => {
    const heard = warnings();
    const fence = context().createFence();
    await fence.signalAfter(() => {
      expect(fence.beginSignalling().active).toBe(false);
    });
    expect(heard).toHaveLength(1);
  });

  test('rejects with EINVAL for what is no function, and after the last put', async () => {
    const fence = ownContext().createFence();
    expect(await rejection(fence.signalAfter(5 as never))).toMatchObject({
      code: 'EINVAL',
      message: `fence ${fence.name}: work must be a function, not 5`,
    });
    expect(await isOpen(fence.wait())).toBe(true);
    fence.signal();
    fence.put();
    expect((await rejection(fence.signalAfter(() => 1))).message).toContain('signalAfter() was used after');
    expect(thrown(() => fence.get()).code).toBe('EINVAL');
  });
});
