import {
  addFenceTracer,
  DmaFenceContext,
  DmaReservation,
  fenceArray,
  fenceChain,
  FenceUsage,
  isFenceArray,
  signaledFence,
  type DmaFence,
  type DriverFence,
  type ReservationLock,
} from '@dma-fence/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  context,
  forTest,
  hangingOn,
  isOpen,
  long,
  ownContext,
  planted,
  rejection,
  settled,
  thrown,
  warnings,
} from '../support.js';

const { KERNEL, WRITE, READ, BOOKKEEP } = FenceUsage;
const usages = [KERNEL, WRITE, READ, BOOKKEEP] as const;

/** A reservation whose lock the test holds. */
function locked(): { buffer: DmaReservation; lock: ReservationLock } {
  const buffer = forTest(new DmaReservation());
  return { buffer, lock: buffer.tryLock() as ReservationLock };
}

function fences(count: number): DriverFence[] {
  return Array.from({ length: count }, () => context().createFence());
}

describe('adding a fence', () => {
  test('takes a reference; disposing gives all of them back', () => {
    const { buffer, lock } = locked();
    const [a, b] = fences(2) as [DriverFence, DriverFence];
    lock.add(a, WRITE);
    lock.add(b, READ);
    expect([a.refCount, b.refCount]).toEqual([2, 2]);
    buffer[Symbol.dispose]();
    expect([a.refCount, b.refCount, buffer.poll(BOOKKEEP)]).toEqual([1, 1, true]);
    a.signal();
    b.signal();
  });

  test('takes the place of an earlier one of its context with the same or a weaker usage', () => {
    const { buffer, lock } = locked();
    const own = context();
    const [a, b, c] = [own.createFence(), own.createFence(), own.createFence()];
    lock.add(a, READ);
    lock.add(b, READ);
    expect([...buffer.fences(BOOKKEEP)]).toEqual([b]);
    lock.add(c, WRITE);
    expect([...buffer.fences(WRITE)]).toEqual([c]);
    expect([...buffer.fences(BOOKKEEP)]).toEqual([c]);
    expect([a.refCount, b.refCount, c.refCount]).toEqual([1, 1, 2]);
    for (const fence of [a, b, c]) fence.signal();
  });

  test('again with a stronger usage promotes it; with a weaker one, or an earlier fence, keeps both', () => {
    const { buffer, lock } = locked();
    const own = context();
    const [a, b] = [own.createFence(), own.createFence()];
    lock.add(b, READ);
    lock.add(b, WRITE);
    expect([...buffer.fences(BOOKKEEP)]).toEqual([b]);
    lock.add(b, BOOKKEEP);
    lock.add(a, BOOKKEEP);
    expect([...buffer.fences(WRITE)]).toEqual([b]);
    expect([...buffer.fences(BOOKKEEP)]).toEqual([b, b, a]);
    a.signal();
    b.signal();
  });

  test('of several contexts keeps the order in which they came', () => {
    const { buffer, lock } = locked();
    const list = fences(5);
    for (const fence of list) lock.add(fence, READ);
    expect([...buffer.fences(READ)]).toEqual(list);
    for (const fence of list) fence.signal();
  });

  test('drops signaled ones once they are many, polled too', () => {
    const { buffer, lock } = locked();
    let done = 0;
    const own = context({ ops: { isSignaled: (fence) => fence.seqno <= done } });
    const list: DriverFence[] = [];
    for (let count = 0; count < 1000; count++) {
      const fence = count % 2 === 0 ? context().createFence() : own.createFence();
      list.push(fence);
      lock.add(fence, READ);
      if (fence.context === own) done = fence.seqno;
      else fence.signal();
    }
    expect(list.filter((fence) => fence.refCount > 1).length).toBeLessThan(20);
    buffer[Symbol.dispose]();
  });

  test('an exporter that changes the reservation while it is asked confuses nobody', () => {
    const { buffer, lock } = locked();
    const rest = fences(8);
    const [extra] = fences(1) as [DriverFence];
    let ask = true;
    const own = context({
      ops: {
        isSignaled: () => {
          if (ask) {
            ask = false;
            lock.replace((rest[3] as DriverFence).context, extra, READ);
            rest[1]?.signal();
            rest[2]?.signal();
            lock.replace((rest[2] as DriverFence).context, extra, WRITE);
          }
          return true;
        },
      },
    });
    const asked = own.createFence();
    lock.add(rest[0] as DriverFence, READ);
    lock.add(asked, READ);
    for (const fence of rest.slice(1)) lock.add(fence, READ);
    const left = [...buffer.fences(READ)];
    expect(new Set(left)).toEqual(new Set([rest[0], extra, ...rest.slice(4)]));
    buffer[Symbol.dispose]();
    expect([...rest, asked, extra].map((fence) => fence.refCount)).toEqual(
      Array.from({ length: 10 }, () => 1),
    );
    for (const fence of [...rest, extra]) fence.signal();
  });

  test('a container is added leaf by leaf', () => {
    const { buffer, lock } = locked();
    const [a, b, c] = fences(3) as [DriverFence, DriverFence, DriverFence];
    using array = fenceArray([a, b]);
    using chain = fenceChain(undefined, c, 1);
    lock.add(array, WRITE);
    lock.add(chain, WRITE);
    expect([...buffer.fences(WRITE)]).toEqual([a, b, c]);
    using any = fenceArray([c, a], { mode: 'any' });
    const other = locked();
    c.signal();
    // It is over, so nobody has to wait for `a` because of it.
    other.lock.add(any, WRITE);
    expect(other.buffer.poll(BOOKKEEP)).toBe(true);
    a.signal();
    b.signal();
  });

  test('refuses anything else, and everything after unlock', () => {
    const { buffer, lock } = locked();
    const [a] = fences(1) as [DriverFence];
    for (const usage of [-1, 4, 0.5, NaN, 'WRITE', undefined]) {
      expect(thrown(() => lock.add(a, usage as never)).code).toBe('EINVAL');
      expect(thrown(() => lock.replace(a.context, a, usage as never)).code).toBe('EINVAL');
      for (const [call, ask] of [
        ['fences', () => buffer.fences(usage as never)],
        ['poll', () => buffer.poll(usage as never)],
        ['singleton', () => buffer.singleton(usage as never)],
        ['setDeadline', () => void buffer.setDeadline(usage as never, 1)],
      ] as const) {
        const error = thrown(ask);
        expect(error.code).toBe('EINVAL');
        expect(error.message).toContain(`${buffer.name}: ${call}(): usage must be one of FenceUsage, not `);
      }
    }
    const { name } = buffer;
    for (const [call, message] of [
      [
        () => void lock.add({} as never, WRITE),
        `${name}: add(): what it takes must be a fence, not an object`,
      ],
      [() => void lock.add(a, 4 as never), `${name}: add(): usage must be one of FenceUsage, not 4`],
      [
        () => void lock.replace(1 as never, a, WRITE),
        `${name}: replace(): context must be a DmaFenceContext, not 1`,
      ],
      [
        () => void lock.copyFrom({} as never),
        `${name}: copyFrom(): what it takes must be a DmaReservation, not an object`,
      ],
    ] as const) {
      expect(thrown(call)).toMatchObject({ code: 'EINVAL', message });
    }
    lock.unlock();
    for (const [name, call] of [
      ['add', () => void lock.add(a, WRITE)],
      ['replace', () => void lock.replace(a.context, a, WRITE)],
      ['copyFrom', () => void lock.copyFrom(buffer)],
    ] as const)
      expect(thrown(call).message).toContain(`${buffer.name}: ${name}() after unlock()`);
    expect(a.refCount).toBe(1);
    expect(thrown(() => new DmaReservation(null as never)).message).toBe(
      'DmaReservation: options must be an object, not null',
    );
    expect(thrown(() => new DmaReservation({ name: 1 as never })).message).toBe(
      'DmaReservation: name must be a string, not 1',
    );
    expect(new DmaReservation({ name: 'texture' }).name).toBe('texture');
    a.signal();
  });
});

describe('replace', () => {
  test('puts one fence in the place of everything of a context, whatever its usage and state', () => {
    const { buffer, lock } = locked();
    const own = context();
    const [a, b, c] = [own.createFence(), own.createFence(), own.createFence()];
    const [other, evicted] = fences(2) as [DriverFence, DriverFence];
    lock.add(b, WRITE);
    lock.add(a, READ);
    lock.add(other, READ);
    b.signal();
    lock.replace(own, evicted, BOOKKEEP);
    expect([...buffer.fences(READ)]).toEqual([other]);
    expect([...buffer.fences(BOOKKEEP)]).toEqual([other, evicted]);
    expect([a.refCount, b.refCount, evicted.refCount]).toEqual([1, 1, 2]);
    for (const fence of [a, c, other, evicted]) fence.signal();
  });

  test('does nothing where that context has no fence', () => {
    const { buffer, lock } = locked();
    const [a] = fences(1) as [DriverFence];
    lock.replace(context(), a, KERNEL);
    expect(buffer.poll(BOOKKEEP)).toBe(true);
    expect(a.refCount).toBe(1);
    a.signal();
  });

  test('with a fence of the same context, even one that only the reservation holds', () => {
    const { buffer, lock } = locked();
    const own = ownContext();
    const [a, b] = [forTest(own.createFence()), own.createFence()];
    lock.add(a, WRITE);
    lock.add(b, WRITE);
    b.put();
    lock.replace(own, b, READ);
    expect([...buffer.fences(WRITE)]).toEqual([]);
    expect([...buffer.fences(READ)]).toEqual([b]);
    a.signal();
    b.signal();
  });

  test('with a container, leaf by leaf', () => {
    const { buffer, lock } = locked();
    const [a, b, c] = fences(3) as [DriverFence, DriverFence, DriverFence];
    using array = fenceArray([b, c]);
    lock.add(a, WRITE);
    lock.replace(a.context, array, READ);
    expect([...buffer.fences(READ)]).toEqual([b, c]);
    for (const fence of [a, b, c]) fence.signal();
  });
});

describe('copyFrom', () => {
  test('takes over the pending fences of another, with their usages, and drops all that was there', () => {
    const { buffer, lock } = locked();
    const other = locked();
    const [a, b, c, d] = fences(4) as [DriverFence, DriverFence, DriverFence, DriverFence];
    lock.add(a, WRITE);
    other.lock.add(b, WRITE);
    other.lock.add(c, BOOKKEEP);
    other.lock.add(d, READ);
    d.signal();
    lock.copyFrom(other.buffer);
    expect([...buffer.fences(WRITE)]).toEqual([b]);
    expect([...buffer.fences(BOOKKEEP)]).toEqual([b, c]);
    expect([a.refCount, b.refCount, c.refCount, d.refCount]).toEqual([1, 3, 3, 2]);
    lock.copyFrom(buffer);
    expect([...buffer.fences(BOOKKEEP)]).toEqual([b, c]);
    lock.copyFrom(new DmaReservation());
    expect(buffer.poll(BOOKKEEP)).toBe(true);
    for (const fence of [a, b, c]) fence.signal();
  });
});

describe('iteration', () => {
  test('begins at its first step, leaves out what was signaled meanwhile, and holds what it lists', () => {
    const { buffer, lock } = locked();
    const [a, b, c, d] = fences(4) as [DriverFence, DriverFence, DriverFence, DriverFence];
    lock.add(a, WRITE);
    const listed = buffer.fences(READ);
    lock.add(b, WRITE);
    lock.add(c, WRITE);
    expect(listed.next().value).toBe(a);
    lock.add(d, WRITE);
    b.signal();
    lock.replace(c.context, d, WRITE);
    expect(c.refCount).toBe(2);
    expect(listed.next().value).toBe(c);
    expect(listed.next().done).toBe(true);
    expect(c.refCount).toBe(1);
    for (const fence of [a, c, d]) fence.signal();
  });

  test('left early, holds nothing back', () => {
    const { buffer, lock } = locked();
    const list = fences(3);
    for (const fence of list) lock.add(fence, READ);
    for (const fence of buffer.fences(READ)) {
      expect(fence).toBe(list[0]);
      break;
    }
    expect(list.map((fence) => fence.refCount)).toEqual([2, 2, 2]);
    for (const fence of list) fence.signal();
  });

  test('asks exporters', () => {
    const { buffer, lock } = locked();
    const fence = context({ ops: { isSignaled: () => true } }).createFence();
    lock.add(fence, WRITE);
    expect([...buffer.fences(WRITE)]).toEqual([]);
    expect(fence.signaled).toBe(true);
  });
});

describe('waiting', () => {
  test('is over when everything of the usage is, and takes nothing new in', async () => {
    const { buffer, lock } = locked();
    const [w, r, later] = fences(3) as [DriverFence, DriverFence, DriverFence];
    lock.add(w, WRITE);
    lock.add(r, READ);
    const [reader, writer] = [buffer.wait(WRITE), buffer.wait(READ)];
    lock.add(later, WRITE);
    w.signal();
    await reader;
    expect(await isOpen(writer)).toBe(true);
    r.signal();
    await writer;
    later.signal();
    await buffer.wait(BOOKKEEP);
  });

  test('after a failure goes on until the others are over, then rejects with the error that came first', async () => {
    const { buffer, lock } = locked();
    const [a, b, c] = fences(3) as [DriverFence, DriverFence, DriverFence];
    for (const fence of [a, b, c]) lock.add(fence, READ);
    const waited = buffer.wait(READ);
    b.fail('EIO');
    expect(await isOpen(waited)).toBe(true);
    a.fail('ENODATA');
    c.signal();
    expect(await rejection(waited)).toBe(b.error);
    // What was over before counts for nothing.
    await buffer.wait(READ);
  });

  test.each([1, 2])('given up on %i fences, leaves nothing on them', async (count) => {
    const { buffer, lock } = locked();
    const list = fences(count);
    for (const fence of list) lock.add(fence, READ);
    const stop = new AbortController();
    const waits = [
      rejection(buffer.wait(READ, { signal: stop.signal })),
      rejection(buffer.wait(READ, { timeoutMs: 0 })),
      rejection(buffer.wait(READ, { timeoutMs: 1 })),
    ] as const;
    stop.abort('stop');
    expect(await waits[0]).toBe('stop');
    expect((await waits[1]).code).toBe('ETIME');
    expect((await waits[2]).message).toContain('reservation: wait()');
    expect(list.map((fence) => fence.refCount)).toEqual(list.map(() => 2));
    expect(list.map(hangingOn)).toEqual(list.map(() => undefined));
    for (const fence of list) fence.signal();
  });

  test('holds the fences it waits for, whatever becomes of the reservation', async () => {
    const heard = warnings();
    const { buffer, lock } = locked();
    const list = fences(2);
    for (const fence of list) lock.add(fence, READ);
    const waited = buffer.wait(READ);
    buffer[Symbol.dispose]();
    expect(list.map((fence) => fence.refCount)).toEqual([2, 2]);
    for (const fence of list) fence.signal();
    await waited;
    expect(list.map((fence) => fence.refCount)).toEqual([1, 1]);
    expect(heard).toEqual([]);
  });

  test('rejects bad arguments, and an abort that came before', async () => {
    const { buffer, lock } = locked();
    expect((await rejection(buffer.wait(7 as never))).code).toBe('EINVAL');
    expect((await rejection(buffer.wait(READ, { timeoutMs: -1 }))).code).toBe('EINVAL');
    await buffer.wait(READ, { signal: AbortSignal.abort('no') });
    const [a] = fences(1) as [DriverFence];
    lock.add(a, READ);
    expect(await rejection(buffer.wait(READ, { signal: AbortSignal.abort('no') }))).toBe('no');
    a.signal();
  });
});

describe('handing out and taking in', () => {
  test('singleton: nothing, the fence itself, or an array of all', () => {
    const { buffer, lock } = locked();
    expect(buffer.singleton(BOOKKEEP)).toBeUndefined();
    const [a, b] = fences(2) as [DriverFence, DriverFence];
    lock.add(a, WRITE);
    lock.add(b, READ);
    using one = buffer.singleton(WRITE) as DmaFence;
    using both = buffer.singleton(READ) as DmaFence;
    expect(one).toBe(a);
    expect([isFenceArray(both), both.data]).toEqual([true, [a, b]]);
    a.signal();
    b.signal();
    expect(both.poll()).toBe(true);
  });

  test('export: a reader waits for writers, a writer for readers too; the snapshot does not follow later changes', () => {
    const { buffer, lock } = locked();
    const [w, r, later] = fences(3) as [DriverFence, DriverFence, DriverFence];
    using nothing = buffer.exportFence('write');
    using stub = signaledFence();
    expect(nothing).toBe(stub);
    lock.add(w, WRITE);
    lock.add(r, READ);
    using toRead = buffer.exportFence('read');
    using toWrite = buffer.exportFence('write');
    lock.add(later, WRITE);
    w.signal();
    expect([toRead.poll(), toWrite.poll()]).toEqual([true, false]);
    r.signal();
    expect([toWrite.poll(), buffer.poll(WRITE)]).toEqual([true, false]);
    later.signal();
    expect(thrown(() => buffer.exportFence('both' as never)).message).toContain("'read' or 'write'");
  });

  test('import: others wait for what was taken in, leaf by leaf, once the lock can be had', async () => {
    planted('lock-order');
    const { buffer, lock } = locked();
    const [a, b] = fences(2) as [DriverFence, DriverFence];
    using array = fenceArray([a, b]);
    const imported = buffer.importFence(array, 'write');
    await settled();
    expect(buffer.poll(BOOKKEEP)).toBe(true);
    lock.unlock();
    await imported;
    expect([...buffer.fences(WRITE)]).toEqual([a, b]);
    a.signal();
    await buffer.importFence(b, 'read');
    expect([...buffer.fences(READ)]).toEqual([b, b]);
    b.signal();
    (buffer.tryLock() as ReservationLock).unlock();
  });

  test('import rejects bad arguments and a lock that cannot be had, and changes nothing', async () => {
    const { buffer } = locked();
    const [a] = fences(1) as [DriverFence];
    expect((await rejection(buffer.importFence(a, 'all' as never))).message).toBe(
      `${buffer.name}: importFence(): access must be 'read' or 'write', not "all"`,
    );
    expect(thrown(() => buffer.exportFence('all' as never)).message).toBe(
      `${buffer.name}: exportFence(): access must be 'read' or 'write', not "all"`,
    );
    expect((await rejection(buffer.importFence(1 as never, 'read'))).code).toBe('EINVAL');
    expect((await rejection(buffer.importFence(a, 'read', { timeoutMs: 0 }))).code).toBe('ETIME');
    expect(a.refCount).toBe(1);
    a.signal();
  });

  test('deadlines go to every pending fence of the usage', () => {
    const told: number[] = [];
    const own = () =>
      context({ ops: { setDeadline: (_fence, deadline) => told.push(deadline) } }).createFence();
    const { buffer, lock } = locked();
    const [w, r, done] = [own(), own(), own()];
    lock.add(w, WRITE);
    lock.add(r, READ);
    lock.add(done, WRITE);
    done.signal();
    buffer.setDeadline(WRITE, 5);
    expect(told).toEqual([5]);
    buffer.setDeadline(READ, 6);
    expect(told).toEqual([5, 6, 6]);
    for (const deadline of [NaN, '1', undefined]) {
      expect(thrown(() => buffer.setDeadline(READ, deadline as never)).message).toBe(
        `${buffer.name}: setDeadline(): deadline must be a number of ms on the performance.now() clock, not ${
          typeof deadline === 'string' ? '"1"' : String(deadline)
        }`,
      );
    }
    w.signal();
    r.signal();
  });
});

describe('a reservation', () => {
  long('does what a plain list by the kernel’s rules does, over any sequence of calls', () => {
    const call = fc.record({
      what: fc.constantFrom('add', 'add', 'add', 'signal', 'fail', 'replace', 'copy', 'collect'),
      which: fc.nat({ max: 3 }),
      place: fc.nat({ max: 5 }),
      usage: fc.constantFrom(...usages),
    });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 60 }), (calls) => {
        const contexts: DmaFenceContext[] = Array.from({ length: 4 }, () => context());
        const made = contexts.map((own) => Array.from({ length: 6 }, () => own.createFence()));
        const { buffer, lock } = locked();
        const other = locked();
        let model: { fence: DriverFence; usage: FenceUsage }[] = [];
        // Up to two of the oldest go for one that comes, if they are over: they can no longer give their place.
        const append = (slot: (typeof model)[number]): void => {
          for (let gone = 0; gone < 2 && model[0]?.fence.signaled === true; gone++) model.shift();
          model.push(slot);
        };
        const pending = (usage: FenceUsage): DmaFence[] =>
          model.filter((slot) => !slot.fence.signaled && slot.usage <= usage).map(({ fence }) => fence);
        for (const { what, which, place, usage } of calls) {
          const fence = made[which]?.[place] as DriverFence;
          if (what === 'signal') fence.signal();
          else if (what === 'fail') fence.fail('EIO');
          else if (what === 'collect') for (let count = 0; count < 20; count++) other.lock.add(fence, usage);
          else if (what === 'copy') {
            other.lock.copyFrom(buffer);
            lock.copyFrom(other.buffer);
            model = model.filter((slot) => !slot.fence.signaled);
          } else if (what === 'replace') {
            const { context: gone } = made[(which + 1) % 4]?.[0] as DriverFence;
            // A signaled one may have been dropped or not, as in the kernel; then it is undecided whether there was any.
            const there = model.filter((slot) => slot.fence.context === gone);
            if (there.every((slot) => slot.fence.signaled)) continue;
            lock.replace(gone, fence, usage);
            model = model.filter((slot) => slot.fence.context !== gone);
            append({ fence, usage });
          } else {
            lock.add(fence, usage);
            const slot = model.find(
              (old) =>
                old.fence.context === fence.context &&
                old.usage >= usage &&
                (old.fence === fence || fence.seqno > old.fence.seqno),
            );
            if (slot === undefined) {
              append({ fence, usage });
            } else Object.assign(slot, { fence, usage });
          }
          for (const asked of usages) {
            expect([...buffer.fences(asked)]).toEqual(pending(asked));
            expect(buffer.poll(asked)).toBe(pending(asked).length === 0);
          }
        }
        // Not held to the end of the test: what the validator does at a signal grows with the locks that are held there.
        lock.unlock();
        other.lock.unlock();
        buffer[Symbol.dispose]();
        other.buffer[Symbol.dispose]();
        for (const fence of made.flat()) {
          expect(fence.refCount).toBe(1);
          fence.signal();
        }
      }),
      { numRuns: 300 },
    );
  });

  test('tells tracers of the array it waits for, and what that depends on', async () => {
    const { buffer, lock } = locked();
    const list = fences(2);
    for (const fence of list) lock.add(fence, READ);
    const told: string[] = [];
    using _tracing = addFenceTracer({
      dependency: (fence, on) => told.push(`${fence.context.driverName} on ${on.name}`),
      waitStart: (fence) => void told.push(`wait for ${fence.context.driverName}`),
      waitEnd: (fence, _token, outcome) => told.push(`${fence.context.driverName} ${outcome}`),
    });
    const waited = buffer.wait(READ);
    for (const fence of list) fence.signal();
    await waited;
    expect(told).toEqual([
      ...list.map((fence) => `dma_fence_array on ${fence.name}`),
      'wait for dma_fence_array',
      'dma_fence_array signaled',
    ]);
  });
});

describe('an extra put()', () => {
  /** A buffer with three fences, of which the middle one loses a reference that is not the caller's: it fails with EDEADLK. */
  function overPut() {
    const heard = warnings();
    const { buffer, lock } = locked();
    const [before, after] = fences(2) as [DriverFence, DriverFence];
    const harmed = ownContext().createFence();
    for (const fence of [before, harmed, after]) lock.add(fence, READ);
    harmed.put();
    harmed.put();
    expect(heard).toHaveLength(1);
    return { buffer, lock, before, harmed, after };
  }

  test('harms its own fence: who lists, asks, waits and hints goes on with the others', async () => {
    const { buffer, before, harmed, after } = overPut();
    expect(harmed.error?.code).toBe('EDEADLK');
    expect([...buffer.fences(READ)]).toEqual([before, after]);
    expect(buffer.poll(READ)).toBe(false);
    buffer.setDeadline(READ, 5);
    using all = buffer.singleton(READ) as DmaFence<readonly DmaFence[]>;
    expect(all.data).toEqual([before, after]);
    const waited = buffer.wait(READ);
    before.signal();
    expect(await isOpen(waited)).toBe(true);
    after.signal();
    await waited;
  });

  test('loses no reference of the others, whatever takes them out', () => {
    const { buffer, lock, before, after } = overPut();
    using other = new DmaReservation();
    {
      using theirs = other.tryLock() as ReservationLock;
      theirs.copyFrom(buffer);
    }
    lock.replace(before.context, after, WRITE);
    expect([...buffer.fences(BOOKKEEP)]).toEqual([after, after]);
    buffer[Symbol.dispose]();
    other[Symbol.dispose]();
    expect([before.refCount, after.refCount]).toEqual([1, 1]);
  });

  test('of a container that is pending: whoever rests on it does not wait for ever', async () => {
    warnings();
    const [a, b] = fences(2) as [DriverFence, DriverFence];
    const array = fenceArray([a]);
    using chain = fenceChain(array, b, 1);
    array.put();
    array.put();
    b.signal();
    expect(await rejection(chain.wait())).toMatchObject({
      code: 'EINVAL',
      message: expect.stringContaining('last reference') as string,
    });
  });
});

describe('a change is whole', () => {
  test('replace: who looks on while the old fences are put sees the new ones', () => {
    const { buffer, lock } = locked();
    const seen: (readonly DmaFence[])[] = [];
    const own = ownContext({ ops: { release: () => void seen.push([...buffer.fences(READ)]) } });
    const [x, y, z] = fences(3) as [DriverFence, DriverFence, DriverFence];
    const old = [own.createFence(), own.createFence()] as const;
    lock.add(old[0], WRITE);
    lock.add(old[1], READ);
    for (const fence of old) {
      fence.signal();
      fence.put();
    }
    using all = fenceArray([x, y, z]);
    lock.replace(own, all, READ);
    expect(seen).toEqual([
      [x, y, z],
      [x, y, z],
    ]);
  });

  test('copyFrom: so does who is told there', () => {
    const { buffer, lock } = locked();
    const seen: (readonly DmaFence[])[] = [];
    const own = ownContext({ ops: { release: () => void seen.push([...buffer.fences(READ)]) } });
    const old = own.createFence();
    lock.add(old, READ);
    old.signal();
    old.put();
    const [x, y] = fences(2) as [DriverFence, DriverFence];
    const source = locked();
    source.lock.add(x, READ);
    source.lock.add(y, WRITE);
    lock.copyFrom(source.buffer);
    expect(seen).toEqual([[x, y]]);
  });
});
