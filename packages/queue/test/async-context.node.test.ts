import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, test } from 'vitest';
import { contextOf } from '../src/async-context.js';
import { fence, queueOf } from './support.js';

test('work runs in the asynchronous context of its submit or job(), however it begins', async () => {
  const storage = new AsyncLocalStorage<string>();
  const queue = queueOf();
  const seen: (string | undefined)[] = [];
  const note = (): void => void seen.push(storage.getStore());
  const blocker = fence();
  const waiting = storage.run('submit', () => queue.submit(note, { after: [blocker] }));
  const prepared = storage.run('job', () => queue.job(note, { after: [waiting] }));
  storage.run('push', () => {
    prepared.arm();
    prepared.push();
  });
  storage.run('now', () => queue.submit(note));
  storage.run('outer', () =>
    queue.submit(() => {
      storage.run('inner', () => queue.submit(note));
    }),
  );
  storage.run('signal', () => blocker.signal());
  expect(seen).toEqual(['now', 'inner', 'submit', 'job']);
  const later = storage.run('async', () =>
    queue.submit(
      async () => {
        await Promise.resolve();
        return storage.getStore();
      },
      { after: [prepared] },
    ),
  );
  expect(await later.result()).toBe('async');
});

test('where the platform has AsyncContext instead, that is used; where it has none, nothing', () => {
  const ran: unknown[] = [];
  class Snapshot {
    run<A, R>(work: (argument: A) => R, argument: A): R {
      ran.push('snapshot');
      return work(argument);
    }
  }
  const capture = contextOf({ AsyncContext: { Snapshot } });
  expect(capture()?.runInAsyncScope((x: number) => x + 1, undefined, 1)).toBe(2);
  expect(ran).toEqual(['snapshot']);
  expect(contextOf({})()).toBeUndefined();
  expect(contextOf({ process: {} })()).toBeUndefined();
});
