import {
  FenceCallback,
  isDmaFence,
  signaledFence,
  waitAny,
  type Borrowed,
  type DmaFence,
  type DriverFence,
  type FenceErrorCode,
  type Owned,
} from '@dma-fence/core';
import { describe, expectTypeOf, test } from 'vitest';
import { context, forTest, timeline } from './support.js';

describe('producer and consumer are different types', () => {
  test('a DriverFence is a DmaFence, not the other way round', () => {
    expectTypeOf<DriverFence<number>>().toExtend<DmaFence<number>>();
    expectTypeOf<DriverFence<number>>().toExtend<DmaFence>();
    expectTypeOf<DmaFence>().not.toExtend<DriverFence>();
  });

  test('a consumer cannot signal, fail, publish or emit', () => {
    expectTypeOf<DmaFence>().not.toHaveProperty('signal');
    expectTypeOf<DmaFence>().not.toHaveProperty('fail');
    expectTypeOf<DmaFence>().not.toHaveProperty('beginSignalling');
    expectTypeOf<DmaFence>().not.toHaveProperty('signalAfter');
    expectTypeOf<DmaFence>().not.toHaveProperty('emit');
  });

  test('a timeline hands out consumers only', () => {
    const ring = timeline();
    expectTypeOf(ring.createFence()).toEqualTypeOf<DmaFence<undefined>>();
    expectTypeOf(ring.createFence(5)).toEqualTypeOf<DmaFence<number>>();
    expectTypeOf(ring.fenceAt(1)).toEqualTypeOf<DmaFence>();
    expectTypeOf(signaledFence()).toEqualTypeOf<DmaFence<undefined>>();
  });
});

describe('data is typed from creation to callback', () => {
  test('createFence and createFenceWith', () => {
    const own = context();
    expectTypeOf(own.createFence()).toEqualTypeOf<DriverFence<undefined>>();
    expectTypeOf(own.createFence({ job: 1 })).toEqualTypeOf<DriverFence<{ job: number }>>();
    expectTypeOf(own.createFenceWith((seqno) => String(seqno))).toEqualTypeOf<DriverFence<string>>();
  });

  test('a plain callback sees the type of its fence', () => {
    context()
      .createFence('data')
      .addCallback((fence) => {
        expectTypeOf(fence.data).toEqualTypeOf<string>();
      });
  });

  test('a record carries data of its own type, and any record fits any fence', () => {
    const record = new FenceCallback((_, self) => self.data.push(1), [2]);
    expectTypeOf(record.data).toEqualTypeOf<number[]>();
    expectTypeOf(new FenceCallback(() => undefined).data).toEqualTypeOf<undefined>();
    context().createFence('data').addCallback(record);
  });
});

describe('ownership is a type', () => {
  test('either way assignable to a plain fence, and get() always gives an owned one', () => {
    expectTypeOf<Owned>().toExtend<DmaFence>();
    expectTypeOf<DmaFence>().toExtend<Owned>();
    expectTypeOf<Borrowed>().toExtend<DmaFence>();
    expectTypeOf<DmaFence>().toExtend<Borrowed>();
    const fence: DriverFence<number> = context().createFence(1);
    const kept = forTest(fence.get());
    expectTypeOf(kept).toExtend<Owned<DriverFence<number>>>();
    expectTypeOf(kept).toExtend<DriverFence<number>>();
  });
});

test('isDmaFence narrows, waits say what they give', () => {
  const value: unknown = undefined;
  if (isDmaFence(value)) expectTypeOf(value).toEqualTypeOf<DmaFence>();
  expectTypeOf(waitAny).returns.resolves.toEqualTypeOf<number>();
  expectTypeOf<'EIO'>().toExtend<FenceErrorCode>();
  expectTypeOf<string>().not.toExtend<FenceErrorCode>();
});
