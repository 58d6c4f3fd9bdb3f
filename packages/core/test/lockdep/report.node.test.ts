import { fileURLToPath } from 'node:url';
import { beginSignalling, DmaReservation, type DmaFence, type FenceOps } from '@dma-fence/core';
import { lockdep, type LockdepReport } from '@dma-fence/core/lockdep';
import { SharedTimeline } from '@dma-fence/core/shared';
import { Mutex } from 'async-mutex';
import { expect, test, vi } from 'vitest';
import { collect } from './garbage.js';
import { context, ownContext, planted } from '../support.js';
import { turn, watch } from './support.js';

// What people read: each text is looked at, and kept as it was.

const here = fileURLToPath(new URL('.', import.meta.url));

/** A report without this machine's paths, line numbers and context numbers, and without the receiver, which V8 names when it likes. */
function text(report: LockdepReport | undefined): string {
  return `\n${report?.text ?? 'no report'}\n`
    .replaceAll(here, '')
    .replaceAll('at Object.', 'at ')
    .replaceAll(/\.ts:\d+:\d+/g, '.ts:L:C')
    .replaceAll(/(gpu:\w+):\d+/g, '$1:N');
}

test('a lock held during a wait', async () => {
  const session = watch();
  const cache = lockdep.wrap(new Mutex(), 'cache');
  const queue = context();
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
    lockdep: possible deadlock: waiters hold lock "cache", signallers take it

        ┌─▶ lock "cache"
        │     │ is held while fence gpu:ring0:N:1 is waited for (1)
        │     ▼
        │   a fence, here gpu:ring0:N:2
        │     │ is signaled by code that takes lock "cache" (2)
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

      What to change: release "cache" before the wait (collect the fences under it,
        wait after it); or take "cache" before the signalling section begins; or try
        the lock inside the section and go on without it.
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
    lockdep: possible deadlock: locks "groups" and "users" taken in opposite orders

        ┌─▶ lock "groups"
        │     │ is held while lock "users" is taken (1)
        │     ▼
        │   lock "users"
        │     │ is held while lock "groups" is taken (2)
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

      What to change: take them in one order everywhere: "groups" before "users", or
        the other way round.
    "
  `);
});

test('producers that wait for each other', async () => {
  const session = watch({ fenceClasses: 'context' });
  const [decode, encode] = [context({ timelineName: 'decode' }), context({ timelineName: 'encode' })];
  const [decoded, encoded] = [decode.createFence(), encode.createFence()];
  decoded.signal();
  encoded.signal();
  await decode.createFence().signalAfter(() => encoded.wait());
  await encode.createFence().signalAfter(() => decoded.wait());
  expect(text(session.reports[0])).toMatchInlineSnapshot(`
    "
    lockdep: possible deadlock: gpu:encode:N and gpu:decode:N need each other

        ┌─▶ a fence, here gpu:encode:N:2
        │     │ is signaled after a wait for fence gpu:decode:N:1 (1)
        │     ▼
        │   a fence, here gpu:decode:N:2
        │     │ is signaled after a wait for fence gpu:encode:N:1 (2)
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

      What to change: give the producers an order, and let each wait only for those
        before it; or have a third one wait for both.
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

      What to change: release "table" first, or hand the held lock down instead of
        taking it twice.
    "
  `);
});

test('a wait for the own fence', async () => {
  const session = watch();
  const job = context().createFence();
  const over = new AbortController();
  const flush = (): Promise<void> => job.wait({ signal: over.signal }).catch(() => undefined);
  const work = job.signalAfter(flush);
  await turn();
  over.abort();
  await work;
  expect(text(session.reports[0])).toMatchInlineSnapshot(`
    "
    lockdep: deadlock: fence gpu:ring0:N:1 is waited for in its own section

      the section of gpu:ring0:N:1 began
            at report.node.test.ts:L:C
      and its fence was waited for inside it
            at flush (report.node.test.ts:L:C)
            at report.node.test.ts:L:C

      What to change: wait outside of the section. If somebody else signals the
        fence, the section is over where the work was handed on: end() its guard
        there.
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
    lockdep: a free signalling section was ended before the one inside it

      the outer section began
            at present (report.node.test.ts:L:C)
            at report.node.test.ts:L:C
      the inner section, still open, began
            at present (report.node.test.ts:L:C)
            at report.node.test.ts:L:C

      What to change: end sections innermost first; \`using\` does that by itself.

    lockdep: a free signalling section was still open when its turn ended

      the section began
            at present (report.node.test.ts:L:C)
            at report.node.test.ts:L:C

      What to change: end it before the first await or yield, and on every path
        (\`using section = beginSignalling()\`); work that awaits belongs in
        fence.signalAfter().
    "
  `);
});

test('a wait in a callback', () => {
  const session = watch();
  const queue = context();
  const [first, second] = [queue.createFence(), queue.createFence()];
  first.addCallback(function onFirst() {
    void second.wait();
  });
  first.signal();
  second.signal();
  expect(text(session.reports[0])).toMatchInlineSnapshot(`
    "
    lockdep: fence gpu:ring0:N:2 is waited for in a callback of gpu:ring0:N:1

      fence gpu:ring0:N:2 is waited for
            at onFirst (report.node.test.ts:L:C)
            at report.node.test.ts:L:C

      What to change: callbacks and ops run inside signal() and must not wait: have
        them start a task of its own, or wait where the result is needed.
    "
  `);
});

test('a lock held during a wait, and taken in a free section', async () => {
  const session = watch();
  const table = lockdep.classOf('page table');
  function onInterrupt(): void {
    using _section = beginSignalling();
    using _held = lockdep.acquire(table);
  }
  async function evict(idle: DmaFence): Promise<void> {
    using _held = lockdep.acquire(table);
    await idle.wait();
  }
  onInterrupt();
  const idle = context().createFence();
  idle.signal();
  await evict(idle);
  expect(text(session.reports[0])).toMatchInlineSnapshot(`
    "
    lockdep: possible deadlock: waiters hold lock "page table", signallers take it

        ┌─▶ lock "page table"
        │     │ is held while fence gpu:ring0:N:1 is waited for (1)
        │     ▼
        │   any fence
        │     │ is signaled by code that takes lock "page table" (2)
        └─────┘

      (1) lock "page table" was taken
            at evict (report.node.test.ts:L:C)
            at report.node.test.ts:L:C
          and fence gpu:ring0:N:1 was waited for while it was held
            at evict (report.node.test.ts:L:C)
            at report.node.test.ts:L:C
      (2) a free signalling section began
            at onInterrupt (report.node.test.ts:L:C)
            at report.node.test.ts:L:C
          and lock "page table" was asked for inside it
            at onInterrupt (report.node.test.ts:L:C)
            at report.node.test.ts:L:C

      What to change: release "page table" before the wait (collect the fences under
        it, wait after it); or take "page table" before the signalling section
        begins; or try the lock inside the section and go on without it.
    "
  `);
});

test('two locks of one class in both orders', async () => {
  const session = watch();
  const [a, b] = [new DmaReservation({ name: 'buffer' }), new DmaReservation({ name: 'buffer' })];
  async function copy(source: DmaReservation, target: DmaReservation): Promise<void> {
    using _source = await source.lock();
    using _target = await target.lock();
  }
  await copy(a, b);
  await copy(b, a);
  expect(text(session.reports[0])).toMatchInlineSnapshot(`
    "
    lockdep: possible deadlock: locks "buffer #2" and "buffer #1" taken in opposite
      orders

        ┌─▶ lock "buffer #2"
        │     │ is held while lock "buffer #1" is taken (1)
        │     ▼
        │   lock "buffer #1"
        │     │ is held while lock "buffer #2" is taken (2)
        └─────┘

      (1) lock "buffer #2" was taken
            at async copy (report.node.test.ts:L:C)
            at async report.node.test.ts:L:C
          and lock "buffer #1" was asked for while it was held
            at copy (report.node.test.ts:L:C)
            at async report.node.test.ts:L:C
      (2) lock "buffer #1" was taken
            at async copy (report.node.test.ts:L:C)
            at async report.node.test.ts:L:C
          and lock "buffer #2" was asked for while it was held
            at copy (report.node.test.ts:L:C)
            at async report.node.test.ts:L:C

      What to change: take locks of "buffer" in one order, for instance sorted by a
        number; reservations through lockReservations(), which needs no order.
    "
  `);
});

test('a lock taken in a free section, and in the section of a fence', async () => {
  const session = watch();
  const buffer = new DmaReservation({ name: 'frame' });
  function retire(): Promise<Disposable> {
    using _section = beginSignalling();
    return buffer.lock();
  }
  (await retire())[Symbol.dispose]();
  await context()
    .createFence()
    .signalAfter(async function draw() {
      (await new DmaReservation({ name: 'depth' }).lock()).unlock();
    });
  expect(session.reports.map(text).join('')).toMatchInlineSnapshot(`
    "
    lockdep: lock "frame" is taken in a free signalling section

      the section began
            at retire (report.node.test.ts:L:C)
            at report.node.test.ts:L:C
      lock "frame" is taken
            at retire (report.node.test.ts:L:C)
            at report.node.test.ts:L:C

      What to change: take it before the section begins, or try it there: tryLock()
        never waits.

    lockdep: lock "depth" is taken in the section of gpu:ring0:N:1

      the section began
            at report.node.test.ts:L:C
      lock "depth" is taken
            at draw (report.node.test.ts:L:C)
            at report.node.test.ts:L:C

      What to change: take it before the section begins, or try it there: tryLock()
        never waits.
    "
  `);
});

test('a thread blocked in a section', () => {
  const session = watch();
  using decode = SharedTimeline.create({ driverName: 'gpu', timelineName: 'decode' });
  decode.advanceTo(1);
  function onInterrupt(): void {
    using _section = beginSignalling();
    decode.waitSync(1);
  }
  onInterrupt();
  expect(text(session.reports[0])).toMatchInlineSnapshot(`
    "
    lockdep: fence gpu:decode:N:1 blocks the thread in a free signalling section

      the section began
            at onInterrupt (report.node.test.ts:L:C)
            at report.node.test.ts:L:C
      fence gpu:decode:N:1 blocks the thread
            at onInterrupt (report.node.test.ts:L:C)
            at report.node.test.ts:L:C

      What to change: block before the section begins; or await the fence in
        fence.signalAfter(), which may wait for what its work depends on.
    "
  `);
});

test("a wait in an exporter's op", () => {
  const session = watch();
  const over = context({ timelineName: 'copy' }).createFence();
  over.signal();
  const ops: FenceOps = {
    release() {
      void over.wait();
    },
  };
  const fence = ownContext({ ops }).createFence();
  fence.signal();
  fence.put();
  expect(text(session.reports[0])).toMatchInlineSnapshot(`
    "
    lockdep: fence gpu:copy:N:1 is waited for in release() of gpu:ring0:N:1

      fence gpu:copy:N:1 is waited for
            at release (report.node.test.ts:L:C)
            at report.node.test.ts:L:C

      What to change: callbacks and ops run inside signal() and must not wait: have
        them start a task of its own, or wait where the result is needed.
    "
  `);
});

test('a published fence that nobody is left to signal', async () => {
  const session = watch();
  function submit(): void {
    ownContext().createFence().beginSignalling();
  }
  planted('leaked', 'gpu:ring0');
  submit();
  await collect(() => session.reports.length > 0);
  expect(text(session.reports[0])).toMatchInlineSnapshot(`
    "
    lockdep: fence gpu:ring0:N:1 was published, and nobody is left to signal it

      it was published
            at submit (report.node.test.ts:L:C)
            at report.node.test.ts:L:C

      What to change: signal or fail it on every path of its producer;
        signalAfter(work) does so whatever way the work ends.
    "
  `);
});

test('a slow callback, by its name, and a slow op', () => {
  const session = watch({ slowCallbackMs: 5 });
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
  const ops: FenceOps = {
    release() {
      now += 7;
    },
  };
  const fence = ownContext({ ops }).createFence();
  fence.addCallback(function encodeFrame() {
    now += 12.5;
  });
  function onInterrupt(): void {
    fence.signal();
    fence.put();
  }
  onInterrupt();
  clock.mockRestore();
  expect(session.reports.map(text).join('')).toMatchInlineSnapshot(`
    "
    lockdep: callback encodeFrame() of gpu:ring0:N:1 ran 12.5 ms, over
      slowCallbackMs: 5

      it was called from
            at onInterrupt (report.node.test.ts:L:C)
            at report.node.test.ts:L:C

      What to change: whoever called it waits meanwhile: note what happened and
        return, do the work in a task of its own.

    lockdep: release() of gpu:ring0:N:1 ran 7.0 ms, over slowCallbackMs: 5

      it was called from
            at onInterrupt (report.node.test.ts:L:C)
            at report.node.test.ts:L:C

      What to change: whoever called it waits meanwhile: note what happened and
        return, do the work in a task of its own.
    "
  `);
});

test('what a platform cannot see is said, and so is a stack that was not kept', async () => {
  vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined);
  const session = watch({ stacks: false });
  vi.restoreAllMocks();
  beginSignalling();
  await turn();
  expect(text(session.reports[0])).toMatchInlineSnapshot(`
    "
    lockdep: a free signalling section was still open when its turn ended

      the section began
            at a place of which no stack was kept (stacks: true keeps them)

      What to change: end it before the first await or yield, and on every path
        (\`using section = beginSignalling()\`); work that awaits belongs in
        fence.signalAfter().
      Note: this platform cannot follow tasks through await; only what happens in
        one turn is seen as one task.
    "
  `);
});
