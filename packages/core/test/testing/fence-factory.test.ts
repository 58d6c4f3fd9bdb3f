import { fenceFactory } from '@dma-fence/core/testing';
import { expect, test } from 'vitest';
import { thrown, warnings } from '../support.js';

test('fences are pending, done or failed, with data or without', () => {
  using fences = fenceFactory();
  const { name, status, data } = fences.create();
  expect([name, status, data]).toEqual([`test:fences:${String(fences.context.id)}:1`, 'pending', undefined]);
  expect(fences.create({ job: 7 }).data.job).toBe(7);
  expect(fences.signaled().status).toBe('signaled');
  expect(fences.failed('EIO').error?.code).toBe('EIO');
});

test('names, ops and timestamps are those that it is given', () => {
  const released: number[] = [];
  {
    using fences = fenceFactory({
      driverName: 'codec',
      timelineName: 'decode',
      timestamps: true,
      ops: { release: ({ seqno }) => void released.push(seqno) },
    });
    expect(fences.signaled().name).toMatch(/^codec:decode:/);
    expect(fences.signaled().timestamp).toBeTypeOf('number');
  }
  expect(released).toEqual([1, 2]);
});

test('in the end nobody hangs, and what the factory held is given back', async () => {
  const heard = warnings();
  const fences = fenceFactory();
  const [left, kept, done] = [fences.create(), fences.create().get(), fences.signaled()];
  const waiting = left.wait().catch((error: unknown) => error);
  fences[Symbol.dispose]();
  expect(await waiting).toMatchObject({ code: 'ECANCELED' });
  expect([left.refCount, kept.refCount, done.refCount]).toEqual([0, 1, 0]);
  expect(heard).toEqual([]);
  kept.put();
  fences[Symbol.dispose]();
});

test('a fence that somebody put without having got it is left alone', () => {
  warnings();
  using fences = fenceFactory();
  fences.create().put();
});

test('refuses what no context takes, and errors that nobody knows', () => {
  expect(thrown(() => fenceFactory({ driverName: 'a:b' })).code).toBe('EINVAL');
  using fences = fenceFactory();
  expect(thrown(() => fences.failed('EWHAT' as 'EIO')).code).toBe('EINVAL');
});
