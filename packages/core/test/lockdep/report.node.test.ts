import { fileURLToPath } from 'node:url';
import { beginSignalling, DmaFenceContext, type DmaFence } from '@dma-fence/core';
import { lockdep, type LockdepReport } from '@dma-fence/core/lockdep';
import { Mutex } from 'async-mutex';
import { expect, test } from 'vitest';
import { turn, watch } from './support.js';

// What people read: each text is looked at, and kept as it was.

const here = fileURLToPath(new URL('.', import.meta.url));

/** A report without this machine's paths, line numbers and context numbers. */
function text(report: LockdepReport | undefined): string {
  return `\n${report?.text ?? 'no report'}\n`
    .replaceAll(here, '')
    .replaceAll(/\.ts:\d+:\d+/g, '.ts:L:C')
    .replaceAll(/(gpu:\w+):\d+/g, '$1:N');
}

function context(timelineName: string): DmaFenceContext {
  return new DmaFenceContext({ driverName: 'gpu', timelineName });
}

test('a lock held during a wait', async () => {
  const session = watch();
  const cache = lockdep.wrap(new Mutex(), 'cache');
  const queue = context('ring0');
  async function readThrough(loaded: DmaFence): Promise<void> {
    const release = await cache.acquire();
    await loaded.wait();
    release();
  }
  async function handleRequest(): Promise<void> {
    const loaded = queue.createFence();
    loaded.signal();
    await readThrough(loaded);
  }
  async function finishJob(): Promise<void> {
    await queue.createFence().signalAfter(async function noteResult() {
      const release = await cache.acquire();
      release();
    });
  }
  await handleRequest();
  await finishJob();
  expect(text(session.reports[0])).toMatchInlineSnapshot(`
    "
    lockdep: possible deadlock: lock "cache" is held while a fence is waited for, and taken by code that signals fences

        ┌─▶ lock "cache"
        │     │ is held while a fence is waited for (1)
        │     ▼
        │   fence gpu:ring0:N:2
        │     │ is signaled by code that takes the next (2)
        └─────┘

      (1) lock "cache" was taken
            at async readThrough (report.node.test.ts:L:C)
            at async handleRequest (report.node.test.ts:L:C)
            at async report.node.test.ts:L:C
          and fence gpu:ring0:N:1 was waited for while it was held
            at readThrough (report.node.test.ts:L:C)
            at async handleRequest (report.node.test.ts:L:C)
            at async report.node.test.ts:L:C
      (2) the signalling section of gpu:ring0:N:2 began
            at finishJob (report.node.test.ts:L:C)
            at report.node.test.ts:L:C
          and lock "cache" was asked for inside it
            at noteResult (report.node.test.ts:L:C)
            at finishJob (report.node.test.ts:L:C)
            at report.node.test.ts:L:C

      What to change: release "cache" before the wait (collect the fences under it, wait after it); or
        take "cache" before the signalling section begins; or try the lock inside the section and go on
        without it.
    "
  `);
});

test('locks in opposite orders', async () => {
  const session = watch();
  const [users, groups] = [lockdep.wrap(new Mutex(), 'users'), lockdep.wrap(new Mutex(), 'groups')];
  async function addUser(): Promise<void> {
    await users.runExclusive(() => groups.runExclusive(() => undefined));
  }
  async function dropGroup(): Promise<void> {
    await groups.runExclusive(() => users.runExclusive(() => undefined));
  }
  await addUser();
  await dropGroup();
  expect(text(session.reports[0])).toMatchInlineSnapshot(`
    "
    lockdep: possible deadlock: locks "groups" and "users" are taken in opposite orders

        ┌─▶ lock "groups"
        │     │ is held while the next is taken (1)
        │     ▼
        │   lock "users"
        │     │ is held while the next is taken (2)
        └─────┘

      (1) lock "groups" was taken
            at async dropGroup (report.node.test.ts:L:C)
            at async report.node.test.ts:L:C
          and lock "users" was asked for while it was held
            at report.node.test.ts:L:C
            at async dropGroup (report.node.test.ts:L:C)
            at async report.node.test.ts:L:C
      (2) lock "users" was taken
            at async addUser (report.node.test.ts:L:C)
            at async report.node.test.ts:L:C
          and lock "groups" was asked for while it was held
            at report.node.test.ts:L:C
            at async addUser (report.node.test.ts:L:C)
            at async report.node.test.ts:L:C

      What to change: take them in one order everywhere: "groups" before "users", or the other way round.
    "
  `);
});

test('producers that wait for each other', async () => {
  const session = watch({ fenceClasses: 'context' });
  const [decode, encode] = [context('decode'), context('encode')];
  const [decoded, encoded] = [decode.createFence(), encode.createFence()];
  decoded.signal();
  encoded.signal();
  await decode.createFence().signalAfter(() => encoded.wait());
  await encode.createFence().signalAfter(() => decoded.wait());
  expect(text(session.reports[0])).toMatchInlineSnapshot(`
    "
    lockdep: possible deadlock: the producers of gpu:encode:N and gpu:decode:N wait for each other

        ┌─▶ fence gpu:encode:N:2
        │     │ is signaled after a wait for the next (1)
        │     ▼
        │   fence gpu:decode:N:2
        │     │ is signaled after a wait for the next (2)
        └─────┘

      (1) the signalling section of gpu:encode:N:2 began
            at report.node.test.ts:L:C
          and fence gpu:decode:N:1 was waited for inside it
            at report.node.test.ts:L:C
            at report.node.test.ts:L:C
      (2) the signalling section of gpu:decode:N:2 began
            at report.node.test.ts:L:C
          and fence gpu:encode:N:1 was waited for inside it
            at report.node.test.ts:L:C
            at report.node.test.ts:L:C

      What to change: give the producers an order, and let each wait only for those before it; or have a
        third one wait for both.
    "
  `);
});

test('a lock taken again', () => {
  const session = watch();
  const table = lockdep.classOf('table');
  const outer = lockdep.acquire(table);
  const inner = lockdep.acquire(table);
  lockdep.release(inner);
  lockdep.release(outer);
  expect(text(session.reports[0])).toMatchInlineSnapshot(`
    "
    lockdep: deadlock: lock "table" is taken again by the task that holds it

      lock "table" was taken
            at report.node.test.ts:L:C
      and asked for again while it was held
            at report.node.test.ts:L:C

      What to change: release "table" first, or hand the held lock down instead of taking it twice.
    "
  `);
});

test('a wait for the own fence', async () => {
  const session = watch();
  const job = context('ring0').createFence();
  const over = new AbortController();
  const flush = (): Promise<void> => job.wait({ signal: over.signal }).catch(() => undefined);
  const work = job.signalAfter(flush);
  await turn();
  over.abort();
  await work;
  expect(text(session.reports[0])).toMatchInlineSnapshot(`
    "
    lockdep: deadlock: the task inside the signalling section of gpu:ring0:N:1 waits for that fence

      the section of gpu:ring0:N:1 began
            at report.node.test.ts:L:C
      and its fence was waited for inside it
            at flush (report.node.test.ts:L:C)
            at report.node.test.ts:L:C

      What to change: wait outside of the section. If somebody else signals the fence, the section is
        over where the work was handed on: end() its guard there.
    "
  `);
});

test('a section left open, and one ended out of order', async () => {
  const session = watch();
  function present(): void {
    const frame = beginSignalling();
    beginSignalling();
    frame.end();
  }
  present();
  await turn();
  expect(session.reports.map(text).join('')).toMatchInlineSnapshot(`
    "
    lockdep: a free signalling section was ended before the one that was begun inside it

      the outer section began
            at present (report.node.test.ts:L:C)
            at report.node.test.ts:L:C
      the inner section, still open, began
            at present (report.node.test.ts:L:C)
            at report.node.test.ts:L:C

      What to change: end sections innermost first; \`using\` does that by itself.

    lockdep: a free signalling section was still open when the turn that began it ended

      the section began
            at present (report.node.test.ts:L:C)
            at report.node.test.ts:L:C

      What to change: end it before the first await or yield, and on every path (\`using section =
        beginSignalling()\`); work that awaits belongs in fence.signalAfter().
    "
  `);
});

test('a wait in a callback', () => {
  const session = watch();
  const queue = context('ring0');
  const [first, second] = [queue.createFence(), queue.createFence()];
  first.addCallback(function onFirst() {
    void second.wait();
  });
  first.signal();
  second.signal();
  expect(text(session.reports[0])).toMatchInlineSnapshot(`
    "
    lockdep: fence gpu:ring0:N:2 is waited for inside a callback of fence gpu:ring0:N:1

      fence gpu:ring0:N:2 is waited for
            at onFirst (report.node.test.ts:L:C)
            at report.node.test.ts:L:C

      What to change: callbacks and ops run inside signal() and must not wait: have them start a task of
        its own, or wait where the result is needed.
    "
  `);
});
