import {
  addFenceTracer,
  fenceArray,
  FenceCallback,
  fenceChain,
  isFenceArray,
  isFenceChain,
  mergeFences,
  setCallbackErrorHandler,
  signaledFence,
  waitAll,
  waitAny,
  type DmaFence,
  type DriverFence,
} from '@dma-fence/core';
import { describe, expect, test } from 'vitest';
import {
  callbackErrors,
  context,
  hangingOn,
  isOpen,
  ownContext,
  rejection,
  thrown,
  warnings,
} from '../support.js';

/** Fences of contexts of their own. */
function plain(count: number): DriverFence<undefined>[] {
  return Array.from({ length: count }, () => context().createFence());
}

describe('an array of mode all', () => {
  test('completes inside the last member’s signal, in whatever order they come', async () => {
    const members = plain(3);
    const [a, b, c] = members as [DriverFence, DriverFence, DriverFence];
    using array = fenceArray(members);
    const seen: boolean[] = [];
    array.addCallback((fence) => seen.push(fence.signaled, c.signaled));
    c.signal();
    a.signal();
    expect(array.status).toBe('pending');
    b.signal();
    expect(array.status).toBe('signaled');
    expect(seen).toEqual([true, true]);
    await array.wait();
  });

  test('waits for all members, then fails with the error that came first in order of signalling', () => {
    const [a, b, c] = plain(3) as [DriverFence, DriverFence, DriverFence];
    using array = fenceArray([a, b, c]);
    array.enableSignaling();
    c.fail('ENODATA');
    expect(array.signaled).toBe(false);
    a.fail('EIO');
    b.signal();
    expect(array.status).toBe('failed');
    expect(array.error).toBe(c.error);
    const inOrder = plain(2) as [DriverFence, DriverFence];
    using other = fenceArray(inOrder);
    inOrder[0].fail('EIO');
    inOrder[1].fail('ENODATA');
    expect([other.poll(), other.error]).toEqual([true, inOrder[0].error]);
  });

  test('never loses an error, whenever it is asked: before anything, after some, after all, or by poll only', () => {
    for (const armAfter of [0, 1, 2, 3, undefined]) {
      const [a, b, c] = plain(3) as [DriverFence, DriverFence, DriverFence];
      using array = fenceArray([a, b, c]);
      const steps = [() => b.fail('ETIME'), () => a.fail('EIO'), () => c.signal()];
      steps.forEach((step, index) => {
        if (armAfter === index) array.enableSignaling();
        step();
      });
      if (armAfter === 3) array.enableSignaling();
      else array.poll();
      expect(array.error).toBe(b.error);
    }
  });

  test('until somebody waits, only poll brings it up to date', () => {
    const [a, b] = plain(2) as [DriverFence, DriverFence];
    using array = fenceArray([a, b]);
    expect(a.refCount).toBe(2);
    a.signal();
    expect(array.poll()).toBe(false);
    b.signal();
    expect(array.signaled).toBe(false);
    expect(array.poll()).toBe(true);
    expect(array.status).toBe('signaled');
  });

  test('a poll asks the members’ exporters', () => {
    let done = false;
    const fence = context({ ops: { isSignaled: () => done } }).createFence();
    using array = fenceArray([fence]);
    expect(array.poll()).toBe(false);
    done = true;
    expect(array.poll()).toBe(true);
    expect(fence.signaled).toBe(true);
  });

  test('enables each member once, at its first callback; one that is "already done" counts', () => {
    const asked: number[] = [];
    const own = context({
      ops: {
        enableSignaling: (fence) => {
          asked.push(fence.seqno);
          return fence.seqno !== 2;
        },
      },
    });
    const [a, b, c] = [own.createFence(), own.createFence(), own.createFence()];
    using array = fenceArray([a, b, c]);
    expect(asked).toEqual([]);
    expect(array.addCallback(() => undefined)).toBe(true);
    expect(asked).toEqual([1, 2, 3]);
    a.signal();
    c.signal();
    expect(array.status).toBe('signaled');
  });

  test('addCallback answers false when all members are over already', () => {
    const [a] = plain(1) as [DriverFence];
    using array = fenceArray([a]);
    a.fail('EIO');
    expect(array.addCallback(() => expect.unreachable())).toBe(false);
    expect(array.error).toBe(a.error);
  });

  test('a member that signals another one while it is enabled does not complete the array too early or twice', () => {
    const [late, other] = plain(2) as [DriverFence, DriverFence];
    const own = context({ ops: { enableSignaling: () => other.signal() } });
    const first = own.createFence();
    using array = fenceArray([other, first, late]);
    let calls = 0;
    array.addCallback(() => calls++);
    first.signal();
    expect(array.signaled).toBe(false);
    late.signal();
    expect(calls).toBe(1);
  });

  test('the same member twice counts twice and is put twice', () => {
    const [a] = plain(1) as [DriverFence];
    const array = fenceArray([a, a]);
    expect(a.refCount).toBe(3);
    array.enableSignaling();
    a.signal();
    expect(array.signaled).toBe(true);
    array.put();
    expect(a.refCount).toBe(1);
  });

  test('a poll from a callback between two members’ notifications completes it once', () => {
    const [a] = plain(1) as [DriverFence];
    a.addCallback(() => void array.poll());
    const array = fenceArray([a]);
    let calls = 0;
    array.addCallback(() => calls++);
    a.signal();
    expect([array.signaled, calls, array.refCount]).toEqual([true, 1, 1]);
    array.put();
  });
});

describe('an array of mode any', () => {
  test('completes at the first signal and takes its callbacks off the others at once', () => {
    const members = plain(3);
    const [a, b, c] = members as [DriverFence, DriverFence, DriverFence];
    using array = fenceArray(members, { mode: 'any' });
    array.enableSignaling();
    b.signal();
    expect(array.status).toBe('signaled');
    const restore = setCallbackErrorHandler(() => expect.unreachable());
    // Nothing of ours hangs there any more: a record goes in first.
    const order: number[] = [];
    using record = new FenceCallback(() => order.push(1));
    a.addCallback(record);
    a.signal();
    c.fail('EIO');
    expect(order).toEqual([1]);
    expect(array.status).toBe('signaled');
    restore[Symbol.dispose]();
  });

  test('fails when the deciding member failed', async () => {
    const [a, b] = plain(2) as [DriverFence, DriverFence];
    using array = fenceArray([a, b], { mode: 'any' });
    const waited = array.wait();
    b.fail('EIO');
    expect(await rejection(waited)).toBe(b.error);
    a.signal();
  });

  test('asked late, a failure among those that are over wins: no error is lost', () => {
    for (const ask of [
      (fence: DmaFence) => fence.poll(),
      (fence: DmaFence) => fence.addCallback(() => undefined),
    ]) {
      const [a, b, c] = plain(3) as [DriverFence, DriverFence, DriverFence];
      using array = fenceArray([a, b, c], { mode: 'any' });
      a.signal();
      b.fail('EIO');
      ask(array);
      expect(array.error).toBe(b.error);
      c.signal();
    }
  });

  test('polls its members until one is over', () => {
    const [a, b] = plain(2) as [DriverFence, DriverFence];
    using array = fenceArray([a, b], { mode: 'any' });
    expect(array.poll()).toBe(false);
    b.signal();
    expect(array.poll()).toBe(true);
    a.signal();
  });

  test('a member whose exporter says "already done" when it is enabled decides', () => {
    const own = context({ ops: { enableSignaling: ({ seqno }) => seqno !== 2 } });
    const [first, done, never] = [own.createFence(), own.createFence(), context().createFence()];
    using array = fenceArray([first, done, never], { mode: 'any' });
    array.enableSignaling();
    expect([array.status, done.status]).toEqual(['signaled', 'signaled']);
    expect([first.refCount, never.refCount]).toEqual([2, 2]);
    for (const fence of [first, never]) fence.signal();
  });

  test('enabling a member that signals an earlier one ends the arming', () => {
    const [first, never] = plain(2) as [DriverFence, DriverFence];
    const own = context({ ops: { enableSignaling: () => first.signal() } });
    const second = own.createFence();
    using array = fenceArray([first, second, never], { mode: 'any' });
    expect(array.addCallback(() => expect.unreachable())).toBe(false);
    expect(never.refCount).toBe(2);
    expect([second, never].map(hangingOn)).toEqual([undefined, undefined]);
    second.signal();
    never.signal();
  });

  test('enabling a member that signals an earlier one and itself completes it once', () => {
    const errors = callbackErrors();
    const [first] = plain(1) as [DriverFence];
    const second = context({ ops: { enableSignaling: () => !first.fail('EIO') } }).createFence();
    using array = fenceArray([first, second], { mode: 'any' });
    array.enableSignaling();
    expect([array.error, array.refCount, array.context.pending, errors]).toEqual([first.error, 1, 0, []]);
  });

  test('polled by a callback of a member while it is polled, it completes once', () => {
    const own = context({ ops: { isSignaled: (fence) => fence.fail('EIO') } });
    const member = own.createFence();
    using array = fenceArray([member], { mode: 'any' });
    let completed = 0;
    member.addCallback(() => array.poll());
    array.poll();
    array.addCallback(() => completed++);
    expect([array.error, array.context.pending, completed]).toEqual([member.error, 0, 0]);
  });
});

describe('an array', () => {
  test('of nothing is signaled at once, in either mode', () => {
    using all = fenceArray([]);
    using any = fenceArray(new Set<DmaFence>(), { mode: 'any' });
    expect([all.status, any.status]).toEqual(['signaled', 'signaled']);
  });

  test('shows its members in order and keeps a reference to each', () => {
    const members = plain(2);
    const array = fenceArray(members);
    expect(array.data).toEqual(members);
    expect(Object.isFrozen(array.data)).toBe(true);
    expect(members.map((member) => member.refCount)).toEqual([2, 2]);
    array.put();
    expect(members.map((member) => member.refCount)).toEqual([1, 1]);
    for (const member of members) member.signal();
  });

  test('is told from other fences, also after its signal', () => {
    using array = fenceArray([]);
    using stub = signaledFence();
    expect([isFenceArray(array), isFenceChain(array), isFenceArray(stub)]).toEqual([true, false, false]);
    expect(isFenceArray({} as DmaFence)).toBe(false);
  });

  test('has a context of its own, named as in the kernel, on which nobody else can create fences', () => {
    using array = fenceArray([]);
    using other = fenceArray([]);
    expect(array.name).toMatch(/^dma_fence_array:unbound:\d+:1$/);
    expect(array.context.id).not.toBe(other.context.id);
    expect(array.context.lastSeqno).toBe(1);
    expect(thrown(() => array.context.createFence()).message).toMatch(/dma_fence_array.*context of your own/);
  });

  test('owes nothing: dropped while pending, it does not warn, and puts its members', () => {
    const heard = warnings();
    const [a] = plain(1) as [DriverFence];
    const array = fenceArray([a]);
    array.put();
    expect(heard).toEqual([]);
    expect([a.refCount, array.status, array.context.pending]).toEqual([1, 'pending', 0]);
    a.signal();
  });

  test('holds a reference to itself while it is armed', () => {
    const heard = warnings();
    const [a] = plain(1) as [DriverFence];
    const array = fenceArray([a]);
    array.enableSignaling();
    expect(array.refCount).toBe(2);
    array.put();
    expect(a.refCount).toBe(2);
    a.signal();
    expect([a.refCount, array.refCount]).toEqual([1, 0]);
    expect(heard).toEqual([]);
  });

  test('put once too often while armed, it is gone and its members’ signals do no harm', () => {
    const [a] = plain(1) as [DriverFence];
    const array = fenceArray([a]);
    array.enableSignaling();
    array.put();
    array.put();
    expect(a.refCount).toBe(1);
    a.signal();
    expect(array.signaled).toBe(false);
  });

  test('refuses containers, non-fences, released fences and unknown modes before anything has changed', () => {
    const [a] = plain(1) as [DriverFence];
    using array = fenceArray([a]);
    using chain = fenceChain(undefined, a, 1);
    for (const inside of [array, chain]) {
      const error = thrown(() => fenceArray([a, inside]));
      expect(error.code).toBe('EINVAL');
      expect(error.message).toContain(inside.name);
      expect(error.message).toContain('mergeFences()');
    }
    const gone = ownContext().createFence();
    gone.signal();
    gone.put();
    expect(thrown(() => fenceArray([a, gone])).message).toContain(gone.name);
    expect(thrown(() => fenceArray([a, 1 as never])).message).toContain('element 1 must be a fence, not 1');
    expect(thrown(() => fenceArray(1 as never)).message).toBe('fenceArray(): fences must be iterable, not 1');
    expect(thrown(() => fenceArray([a], { mode: 'some' as never })).message).toBe(
      "fenceArray(): mode must be 'all' or 'any', not \"some\"",
    );
    for (const options of [null, 'any']) {
      expect(thrown(() => fenceArray([a], options as never)).message).toBe(
        `fenceArray(): options must be an object, not ${JSON.stringify(options)}`,
      );
    }
    expect(a.refCount).toBe(3);
    a.signal();
  });

  test('passes deadlines on to every member', () => {
    const told: [number, number][] = [];
    const own = context({ ops: { setDeadline: (fence, deadline) => told.push([fence.seqno, deadline]) } });
    const members = [own.createFence(), own.createFence(), own.createFence()];
    using array = fenceArray(members);
    members[1]?.signal();
    array.setDeadline(12.5);
    expect(told).toEqual([
      [1, 12.5],
      [3, 12.5],
    ]);
    for (const member of members) member.signal();
  });

  test('tells tracers of itself, then of each member it depends on', () => {
    const told: string[] = [];
    using _tracing = addFenceTracer({
      init: (fence) => told.push(`init ${fence.context.driverName}`),
      dependency: (fence, on) => told.push(`${fence.context.driverName} on ${String(on.seqno)}`),
      enableSignal: (fence) => told.push(`enable ${fence.context.driverName}`),
      signaled: (fence) => told.push(`signaled ${fence.context.driverName}`),
      callback: (fence, run) => {
        told.push(`callback ${fence.context.driverName}`);
        run();
      },
    });
    const own = context();
    const [a, b] = [own.createFence(), own.createFence()];
    using array = fenceArray([a, b]);
    array.addCallback(() => undefined);
    a.signal();
    b.signal();
    expect(told).toEqual([
      'init gpu',
      'init gpu',
      'init dma_fence_array',
      'dma_fence_array on 1',
      'dma_fence_array on 2',
      'enable dma_fence_array',
      'signaled gpu',
      'signaled gpu',
      'signaled dma_fence_array',
      'callback dma_fence_array',
    ]);
  });

  test('is waited for like any fence, among others, with a timeout and an abort', async () => {
    const [a, b] = plain(2) as [DriverFence, DriverFence];
    using array = fenceArray([a]);
    const stop = new AbortController();
    const waits = [waitAny([b, array]), waitAll([array, a]), rejection(array.wait({ signal: stop.signal }))];
    expect((await rejection(array.wait({ timeoutMs: 0 }))).code).toBe('ETIME');
    stop.abort('stop');
    expect(await waits[2]).toBe('stop');
    expect(await isOpen(waits[1] as Promise<unknown>)).toBe(true);
    a.signal();
    expect(await waits[0]).toBe(1);
    await waits[1];
    b.signal();
  });

  test('a timeout of 0 finds members that are over', async () => {
    const [a] = plain(1) as [DriverFence];
    using array = fenceArray([a]);
    a.signal();
    await array.wait({ timeoutMs: 0 });
  });

  test('of an array’s leaves works, and so does a merge of arrays', () => {
    const [a, b] = plain(2) as [DriverFence, DriverFence];
    using array = fenceArray([a, b]);
    using merged = mergeFences([array]);
    using again = fenceArray(array.data);
    a.signal();
    b.signal();
    expect([merged.poll(), again.poll()]).toEqual([true, true]);
  });
});

test('a member that somebody put once too often counts as failed, and keeps the array from nothing', () => {
  warnings();
  const errors = callbackErrors();
  const [a, b] = [ownContext().createFence(), context().createFence()];
  const array = fenceArray([a, b]);
  a.put();
  a.put();
  array.setDeadline(5);
  expect(array.poll()).toBe(false);
  b.signal();
  expect(array.poll()).toBe(true);
  expect(array.error).toBe(a.error);
  array.put();
  expect([a.refCount, b.refCount]).toEqual([0, 1]);
  expect(errors).toEqual([]);
});
