/**
 * The RFC that this library began with, and the questions it left open. `docs/contract.md` answers each of them;
 * the names here are the lines of its table.
 */
import {
  addFenceTracer,
  beginSignalling,
  DmaFenceContext,
  FenceCallback,
  FenceError,
  type DmaFence,
  type DriverFence,
} from '@dma-fence/core';
import { describe, expect, test } from 'vitest';
import { callbackErrors, context, ownContext, rejection, thrown, warnings } from './support.js';

test("the RFC's own example", () => {
  // A driver's data, its names, and a callback with data of its own that checks both, as in the documentation test of the RFC.
  const driverData = { i: 5 };
  const callbackData = { i: 9 };
  let checker = false;

  const dummy = new DmaFenceContext({ driverName: 'DUMMY_DRIVER', timelineName: 'DUMMY_TIMELINE' });
  const fence = dummy.createFence(driverData);
  const callback = new FenceCallback((signaled, { data }) => {
    expect(data.i).toBe(9);
    expect((signaled as DmaFence<typeof driverData>).data.i).toBe(5);
    checker = true;
  }, callbackData);
  expect(fence.addCallback(callback)).toBe(true);
  fence.beginSignalling();
  fence.signal();
  // Callbacks run synchronously: it has been called by now.
  expect(checker).toBe(true);
  expect(fence.name).toBe(`DUMMY_DRIVER:DUMMY_TIMELINE:${String(dummy.id)}:1`);
  fence.put();
});

describe('the questions that the RFC left open', () => {
  test('1. data that can fail to initialise', () => {
    const own = context();
    const noMemory = new FenceError('ENOMEM');
    expect(
      thrown(() =>
        own.createFenceWith(() => {
          throw noMemory;
        }),
      ),
    ).toBe(noMemory);
    expect(own.pending).toBe(0);
  });

  test('2. a signalling guard that is robust: it belongs to the running task, for none or many fences', () => {
    const own = context();
    const fences = [own.createFence(), own.createFence()];
    using section = beginSignalling();
    for (const fence of fences) fence.signal();
    expect(section.active).toBe(true);
  });

  test('3. a second beginSignalling warns, one after the signal is ignored', () => {
    const heard = warnings();
    const fence = context().createFence();
    fence.beginSignalling();
    expect(fence.beginSignalling().active).toBe(false);
    fence.signal();
    expect(fence.beginSignalling().active).toBe(false);
    expect(heard).toHaveLength(1);
  });

  test('4. is_signaled and the other queries', () => {
    const fence = context().createFence();
    expect([fence.signaled, fence.status, fence.seqno, fence.error]).toEqual([
      false,
      'pending',
      1,
      undefined,
    ]);
  });

  test('5. shared state in an example needs no unsafe static: a callback carries its data', () => {
    const fence = context().createFence();
    const record = new FenceCallback((_, self) => void (self.data.called = true), { called: false });
    fence.addCallback(record);
    fence.signal();
    expect(record.data.called).toBe(true);
  });

  test('6. no lock is handed to anybody: a callback may call back into its own fence', () => {
    const fence = context().createFence();
    const other = new FenceCallback(() => undefined);
    const seen: unknown[] = [];
    fence.addCallback((signaled) => {
      seen.push(
        signaled.addCallback(() => undefined),
        signaled.removeCallback(other),
        signaled.poll(),
      );
    });
    fence.addCallback(other);
    fence.signal();
    expect(seen).toEqual([false, true, true]);
  });

  test('7. the seqno is given back when creation fails: no holes', () => {
    const own = context();
    thrown(() =>
      own.createFenceWith(() => {
        throw new Error('no');
      }),
    );
    expect(own.createFence().seqno).toBe(1);
  });

  test('8. the ops are one object of the context, whose identity nothing depends on', () => {
    const seen: DmaFence[] = [];
    const ops = { release: (fence: DriverFence) => void seen.push(fence) };
    const fences = [ownContext({ ops }).createFence(), ownContext({ ops: { ...ops } }).createFence()];
    for (const fence of fences) {
      fence.signal();
      fence.put();
    }
    expect(seen).toEqual(fences);
  });

  test('9. the design of callbacks: a record that is kept, preallocated, removed and reused', () => {
    const own = context();
    let calls = 0;
    const record = new FenceCallback(() => void calls++);
    for (let i = 0; i < 3; i++) {
      const fence = own.createFence();
      fence.addCallback(record);
      fence.signal();
    }
    expect(calls).toBe(3);
  });

  test('10. names are kept once, in the context', () => {
    const own = context();
    const fence = own.createFence();
    expect(fence.context).toBe(own);
    expect(Object.values(fence)).not.toContain('gpu');
  });

  test('12. registering on a signaled fence hands the callback back instead of losing it', () => {
    const [done, next] = [context().createFence(), context().createFence()];
    done.signal();
    const record = new FenceCallback(() => undefined);
    expect(done.addCallback(record)).toBe(false);
    expect(next.addCallback(record)).toBe(true);
  });

  test('13. the second signal is no error, and ends the section all the same', () => {
    const fence = context().createFence();
    const section = fence.beginSignalling();
    expect([fence.signal(), fence.signal()]).toEqual([true, false]);
    expect(section.active).toBe(false);
  });

  test('14. a result is always stated: success or an error', async () => {
    const fence = context().createFence();
    fence.fail('EIO');
    expect(await rejection(fence.wait())).toMatchObject({ code: 'EIO', errno: -5 });
  });

  test('15. release happens once, after the data was disposed of', () => {
    const order: string[] = [];
    const fence = ownContext({ ops: { release: () => void order.push('release') } }).createFence({
      [Symbol.dispose]: () => void order.push('data'),
    });
    fence.signal();
    fence.get().put();
    fence.put();
    expect(order).toEqual(['data', 'release']);
  });

  test('16. unregistering: a disposable record, at any time, any number of times', () => {
    const fence = context().createFence();
    const errors = callbackErrors();
    const record = new FenceCallback(() => {
      throw new Error('never');
    });
    fence.addCallback(record);
    record[Symbol.dispose]();
    record[Symbol.dispose]();
    fence.signal();
    expect(errors).toEqual([]);
  });

  test('17. who may signal: only who holds the DriverFence, checked by the types', () => {
    const produced: DriverFence = context().createFence();
    const consumed: DmaFence = produced;
    expect(consumed).toBe(produced);
    // @ts-expect-error -- a consumer has no signal(): the type takes the right away, the object is the same
    expect(typeof consumed.signal).toBe('function');
  });

  test('18. a fence dropped unsignaled fails with EDEADLK and is loud; its context counts what is in flight', () => {
    const heard = warnings();
    const own = ownContext();
    const fence = own.createFence();
    expect(own.pending).toBe(1);
    fence.put();
    expect([fence.error?.code, own.pending, heard.length]).toEqual(['EDEADLK', 0, 1]);
  });

  test('19. "signaled" and "callbacks have run" are two facts: inside the dispatch the flag is set, after signal() both hold', () => {
    const fence = context().createFence();
    const seen: boolean[] = [];
    using _tracing = addFenceTracer({ signaled: (one) => void seen.push(one.signaled) });
    let ran = false;
    fence.addCallback((one) => {
      seen.push(one.signaled, ran);
      ran = true;
    });
    fence.signal();
    expect([...seen, ran]).toEqual([true, true, false, true]);
  });
});
