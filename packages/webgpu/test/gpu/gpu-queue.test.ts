import { addFenceTracer, FenceError } from '@dma-fence/core';
import { GpuQueue } from '@dma-fence/webgpu';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  badEncoder,
  brokenEncoder,
  ended,
  goodEncoder,
  LIMIT,
  numberBuffer,
  openDevice,
  openQueue,
  openQuietDevice,
  rejection,
  spyOn,
  turn,
  until,
  usage,
} from '../rig.js';

describe('submit', () => {
  test('gives a fence that signals when the GPU is done', async () => {
    const { device, queue } = await openQueue({ name: 'render' });
    using first = queue.submit([goodEncoder(device)]);
    using second = queue.submit([device.createCommandEncoder().finish()]);
    expect(first.name).toMatch(/^gpu:render:\d+:1$/);
    expect(second.seqno).toBe(2);
    expect(queue.submitted).toBe(2);
    expect(queue.value).toBe(0);
    await second.wait(LIMIT);
    expect(first.status).toBe('signaled');
    expect(queue.value).toBe(2);
  });

  test('of nothing is a fence for all before it', async () => {
    const { queue } = await openQueue();
    using fence = queue.submit([]);
    await fence.wait(LIMIT);
  });

  test('that is invalid fails with EINVAL, names the submit, and has the error of the GPU as cause', async () => {
    const { device, queue } = await openQueue();
    using before = queue.submit([goodEncoder(device)]);
    using bad = queue.submit([badEncoder(device, 'the culprit')]);
    using after = queue.submit([goodEncoder(device)]);
    const error = (await rejection(bad.wait(LIMIT))) as FenceError;
    expect(error).toBeInstanceOf(FenceError);
    expect(error).toMatchObject({ code: 'EINVAL' });
    expect(error.message).toContain(bad.name);
    expect((error.cause as GPUError).message).toContain('the culprit');
    await after.wait(LIMIT);
    expect(before.status).toBe('signaled');
  });

  test('of an encoder whose recording was wrong fails with the error of the recording', async () => {
    const { device, queue } = await openQueue();
    using fence = queue.submit([brokenEncoder(device, 'left open')]);
    const error = (await rejection(fence.wait(LIMIT))) as FenceError;
    expect(error.code).toBe('EINVAL');
    expect(error.message).toMatch(/debug ?group/i);
  });

  test('of a command buffer that was used up by an invalid submit fails again', async () => {
    const { device, queue } = await openQueue();
    const buffer = goodEncoder(device).finish();
    using first = queue.submit([buffer, badEncoder(device).finish()]);
    using second = queue.submit([buffer]);
    const errors = await Promise.all([rejection(first.wait(LIMIT)), rejection(second.wait(LIMIT))]);
    expect(errors).toMatchObject([{ code: 'EINVAL' }, { code: 'EINVAL' }]);
  });

  test('of something else throws EINVAL before anything has changed', async () => {
    const { device, queue } = await openQueue();
    for (const wrong of [
      [{}],
      [undefined],
      [42],
      7,
      undefined,
      [device.createCommandEncoder().finish(), {}],
    ]) {
      expect(() => queue.submit(wrong as never)).toThrow(expect.objectContaining({ code: 'EINVAL' }));
    }
    expect(queue.submitted).toBe(0);
    using fence = queue.submit([goodEncoder(device)]);
    expect(fence.seqno).toBe(1);
    await fence.wait(LIMIT);
    // No scope was left open.
    device.pushErrorScope('validation');
    expect(await device.popErrorScope()).toBeNull();
    await expect(device.popErrorScope()).rejects.toThrow();
  });

  test('that throws leaves no error to the next one', async () => {
    const { device, queue } = await openQueue();
    expect(() => queue.submit([brokenEncoder(device), {} as GPUCommandBuffer])).toThrow(FenceError);
    using fence = queue.submit([goodEncoder(device)]);
    await fence.wait(LIMIT);
  });

  test('takes any iterable', async () => {
    const { device, queue } = await openQueue();
    using fence = queue.submit(new Set([goodEncoder(device), goodEncoder(device).finish()]));
    await fence.wait(LIMIT);
  });

  test('of two tasks whose errors interleave: the right one fails', async () => {
    const { device, queue } = await openQueue();
    const task = async (bad: boolean): Promise<string[]> => {
      const results: string[] = [];
      for (let round = 0; round < 5; round++) {
        using fence = queue.submit([bad ? badEncoder(device) : goodEncoder(device)]);
        await turn();
        await ended(fence);
        results.push(fence.status);
      }
      return results;
    };
    const [bad, good] = await Promise.all([task(true), task(false)]);
    expect(new Set(bad)).toEqual(new Set(['failed']));
    expect(new Set(good)).toEqual(new Set(['signaled']));
  });

  test('without errors tells when, not whether', async () => {
    const { device, uncaptured } = await openDevice();
    using queue = new GpuQueue(device, { errors: 'off' });
    using fence = queue.submit([badEncoder(device)]);
    await fence.wait(LIMIT);
    // The event may come after the answer that the work is done.
    await until(() => uncaptured.length > 0);
    expect(uncaptured).toHaveLength(1);
  });
});

test('tracers are told of a submit: made, handed to the GPU, ended', async () => {
  const { device, queue } = await openQueue({ name: 'traced' });
  const log: string[] = [];
  const note =
    (what: string) =>
    ({ context, status }: { context: unknown; status: string }): void => {
      if (context === queue.context) log.push(`${what} ${status}`);
    };
  using _tracer = addFenceTracer({ init: note('init'), emit: note('emit'), signaled: note('signaled') });
  using fence = queue.submit([badEncoder(device)]);
  await ended(fence);
  expect(log).toEqual(['init pending', 'emit pending', 'signaled failed']);
});

describe('what it asks of the platform', () => {
  test('is one scope a submit, off in the turn that put it on', async () => {
    const { device, queue } = await openQueue();
    const pushes = spyOn(device, 'pushErrorScope');
    const pops = spyOn(device, 'popErrorScope');
    queue.submit([goodEncoder(device)]).put();
    using bad = queue.submit([badEncoder(device)]);
    bad.addCallback(() => undefined);
    expect(pushes()).toBe(2);
    expect(pops()).toBe(2);
    await turn();
  });

  test('is no scope with errors off, and none on a lost device', async () => {
    const { device, queue } = await openQueue({ errors: 'off' });
    using other = new GpuQueue(device);
    const pushes = spyOn(device, 'pushErrorScope');
    queue.submit([goodEncoder(device)]).put();
    device.destroy();
    await device.lost;
    other.submit([goodEncoder(device)]).put();
    other.guard(() => 1);
    expect(pushes()).toBe(0);
  });

  test('is completion once a turn, however many wait', async () => {
    const { device, queue } = await openQueue({ nudge: 'off' });
    const polls = spyOn(device.queue, 'onSubmittedWorkDone');
    const fences = Array.from({ length: 10 }, () => queue.submit([goodEncoder(device)]));
    await Promise.all(fences.map((fence) => fence.wait(LIMIT)));
    expect(polls()).toBe(1);
    for (const fence of fences) fence.put();
  });

  test('is no completion while nobody waits, but for one in 64 submits', async () => {
    const { device, queue } = await openQueue({ nudge: 'off' });
    const polls = spyOn(device.queue, 'onSubmittedWorkDone');
    for (let count = 1; count < 64; count++) {
      queue.submit([]).put();
    }
    await turn();
    expect(polls()).toBe(0);
    queue.submit([]).put();
    await turn();
    expect(polls()).toBe(1);
  });

  test('is completion for a submit that was bad, though nobody waits', async () => {
    const { device, uncaptured } = await openDevice();
    using queue = new GpuQueue(device, { nudge: 'off' });
    queue.submit([badEncoder(device)]).put();
    await until(() => uncaptured.length > 0);
    expect(queue.value).toBe(1);
  });

  test('is nothing for who registers late: the fence has ended, or ends', async () => {
    const { device, queue } = await openQueue();
    using first = queue.submit([goodEncoder(device)]);
    await first.wait(LIMIT);
    expect(first.addCallback(() => undefined)).toBe(false);
    await first.wait(LIMIT);
  });
});

describe('upcoming', () => {
  test('is the fence of the next submit, while its commands are recorded', async () => {
    const { device, queue } = await openQueue();
    using upcoming = queue.upcoming();
    const order: string[] = [];
    upcoming.addCallback(() => order.push('done'));
    await turn();
    expect(upcoming.status).toBe('pending');
    using fence = queue.submit([goodEncoder(device)]);
    expect(fence).toBe(upcoming);
    using next = queue.submit([goodEncoder(device)]);
    await fence.wait(LIMIT);
    expect(order).toEqual(['done']);
    expect(next.seqno).toBe(2);
  });

  test('fails with the queue that is disposed of before it', async () => {
    const { queue } = await openQueue();
    using upcoming = queue.upcoming();
    queue[Symbol.dispose]();
    expect(upcoming.error?.code).toBe('ECANCELED');
  });
});

describe('mark', () => {
  test('is for all that was submitted, by whomever, and tells when, not whether', async () => {
    const { device, uncaptured } = await openDevice();
    using queue = new GpuQueue(device);
    using bad = queue.submit([badEncoder(device)]);
    bad.addCallback(() => undefined);
    device.queue.submit([goodEncoder(device).finish()]);
    using mark = queue.mark();
    await mark.wait(LIMIT);
    expect(mark.status).toBe('signaled');
    expect(queue.submitted).toBe(1);
    expect(uncaptured).toEqual([]);
  });

  test('of one turn is one', async () => {
    const { queue } = await openQueue();
    using first = queue.mark();
    using second = queue.mark();
    expect(second).toBe(first);
    await first.wait(LIMIT);
    using third = queue.mark();
    expect(third).not.toBe(first);
    await third.wait(LIMIT);
  });

  test('ends also while nobody waits for it', async () => {
    const { queue } = await openQueue();
    using mark = queue.mark();
    await until(() => mark.signaled);
    expect(mark.signaled).toBe(true);
  });
});

describe('guard', () => {
  test('gives back what was made; the next submit is fine', async () => {
    const { device, queue } = await openQueue();
    expect(queue.guard(() => numberBuffer(device, 1))).toBeInstanceOf(Object);
    using fence = queue.submit([goodEncoder(device)]);
    await fence.wait(LIMIT);
  });

  test('makes the next submit fail with the first cause, not with what follows from it', async () => {
    const { device, queue } = await openQueue();
    const buffer = queue.guard(() =>
      device.createBuffer({ size: 4, usage: usage.MAP_READ | usage.STORAGE, label: 'impossible' }),
    );
    const encoder = goodEncoder(device);
    encoder.copyBufferToBuffer(buffer, 0, numberBuffer(device, 0), 0, 4);
    using fence = queue.submit([encoder]);
    using next = queue.submit([goodEncoder(device)]);
    const error = (await rejection(fence.wait(LIMIT))) as FenceError;
    expect(error.code).toBe('EINVAL');
    expect(error.message).toContain('guard()');
    await next.wait(LIMIT);
  });

  test('catches nothing of what others do', async () => {
    const { device, uncaptured } = await openDevice();
    using queue = new GpuQueue(device);
    queue.guard(() => undefined);
    device.createBuffer({ size: 4, usage: usage.MAP_READ | usage.STORAGE });
    using fence = queue.submit([goodEncoder(device)]);
    await fence.wait(LIMIT);
    await until(() => uncaptured.length > 0);
    expect(uncaptured).toHaveLength(1);
  });

  test('passes on what was thrown, and takes its scopes off', async () => {
    const { device, queue } = await openQueue();
    const thrown = new Error('mine');
    expect(() =>
      queue.guard(() => {
        throw thrown;
      }),
    ).toThrow(thrown);
    await expect(device.popErrorScope()).rejects.toThrow();
    using fence = queue.submit([goodEncoder(device)]);
    await fence.wait(LIMIT);
  });

  test('refuses a promise with EINVAL, also one that rejects, and what is no function', async () => {
    const { device, queue } = await openQueue();
    const refused = expect.objectContaining({ code: 'EINVAL' }) as Error;
    expect(() => queue.guard(() => Promise.resolve(1))).toThrow(refused);
    expect(() => queue.guard(() => Promise.reject(new Error('late')))).toThrow(refused);
    expect(() => queue.guard(undefined as never)).toThrow(refused);
    await expect(device.popErrorScope()).rejects.toThrow();
    await turn();
  });

  test('works with errors off as well', async () => {
    const { device, queue } = await openQueue({ errors: 'off' });
    queue.guard(() => device.createBuffer({ size: 4, usage: usage.MAP_READ | usage.STORAGE }));
    using fence = queue.submit([goodEncoder(device)]);
    expect(await rejection(fence.wait(LIMIT))).toMatchObject({ code: 'EINVAL' });
  });
});

describe('an error that nobody heard', () => {
  test('goes to the device, once, as the platform would have told it', async () => {
    const { device, uncaptured } = await openDevice();
    using queue = new GpuQueue(device);
    using fence = queue.submit([badEncoder(device, 'unheard')]);
    await until(() => uncaptured.length > 0);
    expect(uncaptured).toHaveLength(1);
    expect(uncaptured[0]?.message).toContain('unheard');
    expect(fence.error?.cause).toBe(uncaptured[0]);
    expect(await rejection(fence.wait(LIMIT))).toBe(fence.error);
    await turn();
    expect(uncaptured).toHaveLength(1);
  });

  test('reaches onuncapturederror, which an engine may have set', async () => {
    const { device } = await openDevice();
    using queue = new GpuQueue(device);
    const heard: string[] = [];
    device.onuncapturederror = ({ error }) => heard.push(error.message);
    queue.submit([badEncoder(device)]).put();
    await until(() => heard.length > 0);
    expect(heard).toHaveLength(1);
  });

  test('is not told if a callback or a wait heard it', async () => {
    const { device, uncaptured } = await openDevice();
    using queue = new GpuQueue(device);
    using called = queue.submit([badEncoder(device)]);
    called.addCallback(() => undefined);
    using awaited = queue.submit([badEncoder(device)]);
    await ended(awaited);
    expect(called.status).toBe('failed');
    await turn();
    expect(uncaptured).toEqual([]);
  });

  test('is printed where no handler prevents it, as the platform does', async () => {
    const device = await openQuietDevice();
    using queue = new GpuQueue(device);
    const printed: string[] = [];
    const { warn } = console;
    console.warn = (message: string) => printed.push(message);
    onTestFinished(() => {
      console.warn = warn;
    });
    device.addEventListener('uncapturederror', (event) => {
      event.stopImmediatePropagation();
    });
    // Ours, of the rig, came first and prevents it; a device that nobody listens to does not.
    Object.defineProperty(device, 'dispatchEvent', { configurable: true, value: () => true });
    using fence = queue.submit([badEncoder(device)]);
    await until(() => fence.signaled);
    expect(printed).toEqual([fence.error?.message]);
  });
});

describe('retire', () => {
  test('frees after the next submit, not before', async () => {
    const { device, queue } = await openQueue();
    const log: string[] = [];
    queue.retire({ destroy: () => log.push('destroyed') });
    queue.retire({ close: () => log.push('closed') });
    queue.retire(() => log.push('called'));
    await turn();
    expect(log).toEqual([]);
    using fence = queue.submit([goodEncoder(device)]);
    expect(log).toEqual(['destroyed', 'closed', 'called']);
    await fence.wait(LIMIT);
    expect(log).toHaveLength(3);
  });

  test('a buffer that the submit uses: no error', async () => {
    const { device, queue } = await openQueue();
    const [from, to] = [numberBuffer(device, 1), numberBuffer(device, 2)];
    const encoder = goodEncoder(device);
    encoder.copyBufferToBuffer(from, 0, to, 0, 4);
    queue.retire(from);
    queue.retire(to);
    using fence = queue.submit([encoder]);
    await fence.wait(LIMIT);
  });

  test('with "done" it frees when the next submit is done', async () => {
    const { device, queue } = await openQueue();
    const log: string[] = [];
    queue.retire(() => log.push('recycled'), 'done');
    using fence = queue.submit([goodEncoder(device)]);
    expect(log).toEqual([]);
    await fence.wait(LIMIT);
    await until(() => log.length > 0);
    expect(log).toEqual(['recycled']);
  });

  test('with "done" does not hear the error of that submit', async () => {
    const { device, uncaptured } = await openDevice();
    using queue = new GpuQueue(device);
    let freed = false;
    queue.retire(() => (freed = true), 'done');
    queue.submit([badEncoder(device)]).put();
    await until(() => freed && uncaptured.length > 0);
    expect(freed).toBe(true);
    expect(uncaptured).toHaveLength(1);
  });

  test('frees everything when the queue is disposed of, and what comes later at once', async () => {
    const { queue } = await openQueue();
    const log: string[] = [];
    queue.retire(() => log.push('submitted'));
    queue.retire(() => log.push('done'), 'done');
    queue[Symbol.dispose]();
    expect(log).toEqual(['submitted', 'done']);
    queue.retire(() => log.push('late'));
    expect(log).toEqual(['submitted', 'done', 'late']);
  });

  test('refuses what cannot be freed, and other moments', async () => {
    const { queue } = await openQueue();
    const refused = expect.objectContaining({ code: 'EINVAL' }) as Error;
    for (const wrong of [undefined, null, {}, 3, 'buffer']) {
      expect(() => {
        queue.retire(wrong as never);
      }).toThrow(refused);
    }
    expect(() => {
      queue.retire(() => undefined, 'later' as never);
    }).toThrow(refused);
  });
});

describe('disposed of', () => {
  test('what is pending fails with ECANCELED, ascending; the device lives on', async () => {
    const { device, queue } = await openQueue();
    const log: string[] = [];
    const fences = [
      queue.submit([goodEncoder(device)]),
      queue.submit([goodEncoder(device)]),
      queue.mark(),
      queue.upcoming(),
    ];
    for (const fence of fences)
      fence.addCallback(({ error, seqno }) => log.push(`${String(seqno)} ${String(error?.code)}`));
    queue[Symbol.dispose]();
    expect(log).toEqual(['1 ECANCELED', '2 ECANCELED', '3 ECANCELED', '1 ECANCELED']);
    for (const fence of fences) fence.put();
    queue[Symbol.dispose]();
    expect(queue.lost).toBeUndefined();
    using other = new GpuQueue(device);
    using fence = other.submit([goodEncoder(device)]);
    await fence.wait(LIMIT);
  });

  test('every fence after it has failed already', async () => {
    const { device, queue } = await openQueue();
    queue[Symbol.dispose]();
    for (const fence of [queue.submit([goodEncoder(device)]), queue.mark(), queue.upcoming()]) {
      expect(fence.error?.code).toBe('ECANCELED');
      fence.put();
    }
  });

  test('from inside a callback of its own fences', async () => {
    const { device, queue } = await openQueue();
    using first = queue.submit([goodEncoder(device)]);
    using second = queue.submit([badEncoder(device)]);
    first.addCallback(() => {
      queue[Symbol.dispose]();
    });
    await ended(first);
    expect(second.error?.code).toBe('ECANCELED');
  });
});

describe('from inside a callback', () => {
  test('a submit is like any other', async () => {
    const { device, queue } = await openQueue();
    using first = queue.submit([goodEncoder(device)]);
    const seqno = await new Promise<number>((resolve) => {
      first.addCallback(() => {
        const inner = queue.submit([goodEncoder(device)]);
        inner.addCallback((fence) => {
          resolve(fence.seqno);
        });
        inner.put();
      });
    });
    expect(seqno).toBe(2);
  });
});

describe('wrong arguments', () => {
  test.each([
    ['no device', [undefined]],
    ['something else', [{}]],
  ])('%s: EINVAL', (_, args) => {
    expect(() => new GpuQueue(...(args as [GPUDevice]))).toThrow(expect.objectContaining({ code: 'EINVAL' }));
  });

  test('options that are none of ours: EINVAL', async () => {
    const device = await openQuietDevice();
    for (const options of [
      null,
      7,
      { nam: 'x' },
      { name: 'a:b' },
      { name: 3 },
      { errors: 'on' },
      { nudge: 'on' },
      { nudge: 0 },
      { nudge: NaN },
    ]) {
      expect(() => new GpuQueue(device, options as never)).toThrow(
        expect.objectContaining({ code: 'EINVAL' }),
      );
    }
  });
});
