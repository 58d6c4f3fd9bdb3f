import {
  addFenceTracer,
  FenceCallback,
  fenceArray,
  fenceChain,
  findChainSeqno,
  isFenceArray,
  isFenceChain,
  setCallbackErrorHandler,
  unwrapFences,
  type DmaFence,
  type DriverFence,
} from '@dma-fence/core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { arm, chainOf, indexes, ownChainOf, type Link } from './chains.js';
import { context, forTest, hangingOn, long, ownContext, rejection, thrown, warnings } from '../support.js';

/** What ops and core's own callbacks threw: nothing may, in any test here. */
let thrownInside: unknown[] = [];
let restore: Disposable;

beforeEach(() => {
  thrownInside = [];
  restore = setCallbackErrorHandler((error) => void thrownInside.push(error));
});

afterEach(() => {
  restore[Symbol.dispose]();
  expect(thrownInside).toEqual([]);
});

/** Whether one record at most hangs on each of these fences, however many links are armed. */
function oneRecordEach(fences: readonly DmaFence[]): boolean {
  return fences.every((fence) => {
    const hung = hangingOn(fence);
    return hung === undefined || hung instanceof FenceCallback;
  });
}

describe('a chain', () => {
  test('shows its links, which hold references to what they link', () => {
    const { fences, links } = chainOf(2);
    const [first, second] = links as [Link, Link];
    expect([second.data.previous, second.data.fence]).toEqual([first, fences[1]]);
    expect(first.data.previous).toBeUndefined();
    expect([first.refCount, fences[0]?.refCount]).toEqual([2, 2]);
    for (const fence of fences) fence.signal();
  });

  test('keeps one context while its numbers rise, named as in the kernel', () => {
    const { links, head, fences } = chainOf(3, (index) => 10 * (index + 1));
    expect(new Set(links.map((link) => link.context)).size).toBe(1);
    expect(head.name).toMatch(/^dma_fence_chain:unbound:\d+:30$/);
    expect(head.context.lastSeqno).toBe(30);
    expect(thrown(() => head.context.createFence()).message).toMatch(/dma_fence_chain/);
    for (const fence of fences) fence.signal();
  });

  test('raises a number that does not rise, in a new context', () => {
    const fence = context().createFence();
    using first = fenceChain(undefined, fence, 5);
    using same = fenceChain(first, fence, 5);
    using lower = fenceChain(same, fence, 2);
    using next = fenceChain(lower, fence, 6);
    expect([same.seqno, lower.seqno, next.seqno]).toEqual([5, 5, 6]);
    expect(new Set([first, same, lower].map((link) => link.context)).size).toBe(3);
    expect(next.context).toBe(lower.context);
    // The search stops where the context changes: that is as far as the numbers mean anything.
    using found = findChainSeqno(next, 5);
    expect(found).toBe(lower);
    fence.signal();
  });

  test('may begin after a plain fence, which it waits for, and which answers a collected point', () => {
    const [before, one, two] = [context().createFence(), context().createFence(), context().createFence()];
    using first = fenceChain(before, one, 1);
    using second = fenceChain(first, two, 2);
    let calls = 0;
    second.addCallback(() => calls++);
    two.signal();
    one.signal();
    using found = findChainSeqno(second, 1);
    expect(found).toBe(before);
    expect(second.poll()).toBe(false);
    before.signal();
    expect([calls, second.status, first.poll()]).toEqual([1, 'signaled', true]);
  });

  test('a plain predecessor is waited for by the link in front of it, whatever else was armed', () => {
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
      [1, 0, 2],
    ]) {
      const fences = [context().createFence(), context().createFence(), context().createFence()] as const;
      using first = fenceChain(fences[0], fences[1], 1);
      using second = fenceChain(first, fences[2], 2);
      const completed: number[] = [];
      second.addCallback((fence) => completed.push(fence.seqno));
      first.addCallback((fence) => completed.push(fence.seqno));
      for (const index of order) fences[index]?.signal();
      expect(completed.toSorted()).toEqual([1, 2]);
      expect([first.refCount, second.refCount]).toEqual([1 + Number(second.data.previous === first), 1]);
    }
  });

  test('takes an array as a link and as what it begins after', () => {
    const [a, b, c] = [context().createFence(), context().createFence(), context().createFence()];
    using before = fenceArray([a]);
    using inside = fenceArray([b, c]);
    using chain = fenceChain(before, inside, 1);
    chain.enableSignaling();
    a.signal();
    b.signal();
    expect(chain.signaled).toBe(false);
    c.fail('EIO');
    expect(chain.error).toBe(c.error);
  });

  test('refuses a chain as a link, numbers that are none, and fences that are none', () => {
    const { head, fences } = chainOf(1);
    const fence = fences[0] as DriverFence;
    expect(thrown(() => fenceChain(undefined, head, 2)).message).toContain(head.name);
    for (const seqno of [0, -1, 1.5, NaN, 2 ** 53, '1' as never]) {
      const error = thrown(() => fenceChain(head, fence, seqno));
      expect(error.code).toBe('EINVAL');
      expect(error.message).toContain('fenceChain(): seqno must be an integer from 1 to 2^53-1, not ');
    }
    expect(thrown(() => fenceChain(null as never, fence, 1))).toMatchObject({
      code: 'EINVAL',
      message: 'fenceChain(): what it takes must be a fence, not null',
    });
    expect(thrown(() => fenceChain(undefined, {} as never, 1))).toMatchObject({
      code: 'EINVAL',
      message: 'fenceChain(): what it takes must be a fence, not an object',
    });
    expect([head.refCount, fence.refCount]).toEqual([1, 2]);
    fence.signal();
    const gone = fenceChain(undefined, fence, 1);
    gone.put();
    expect(thrown(() => fenceChain(gone, fence, 2)).message).toContain('last reference');
  });

  test('findChainSeqno refuses points not reached, fences that are no chain, and numbers that are none', () => {
    const { head, fences } = chainOf(2);
    expect(thrown(() => findChainSeqno(head, 3)).message).toContain('has not reached 3');
    expect(thrown(() => findChainSeqno(fences[0] as DmaFence, 1)).code).toBe('EINVAL');
    using self = findChainSeqno(fences[0] as DmaFence, 0);
    expect(self).toBe(fences[0]);
    for (const seqno of [-1, 0.5, NaN, 'x' as never]) {
      const error = thrown(() => findChainSeqno(head, seqno));
      expect(error.code).toBe('EINVAL');
      expect(error.message).toContain('findChainSeqno(): seqno must be an integer from 0 to 2^53-1, not ');
    }
    expect(thrown(() => findChainSeqno({} as never, 0)).message).toBe(
      'findChainSeqno(): what it takes must be a fence, not an object',
    );
    for (const fence of fences) fence.signal();
  });

  test('is told from other fences; its data on another fence does not make that one a chain', () => {
    const { head, fences } = chainOf(1);
    const impostor = context().createFence(head.data);
    expect([isFenceChain(head), isFenceArray(head), isFenceChain(impostor)]).toEqual([true, false, false]);
    expect(isFenceChain(undefined as never)).toBe(false);
    impostor.signal();
    fences[0]?.signal();
  });

  test('passes deadlines on to every fence in it that is pending', () => {
    const told: [number, number][] = [];
    const own = context({ ops: { setDeadline: (fence, deadline) => told.push([fence.seqno, deadline]) } });
    const fences = [own.createFence(), own.createFence(), own.createFence(), own.createFence()] as const;
    using first = fenceChain(fences[0], fences[1], 1);
    using second = fenceChain(first, fences[2], 2);
    using array = fenceArray([fences[3]]);
    using third = fenceChain(second, array, 3);
    fences[2].signal();
    third.setDeadline(7);
    expect(told).toEqual([
      [4, 7],
      [2, 7],
      [1, 7],
    ]);
    for (const fence of fences) fence.signal();
  });

  test('tells tracers of its own fence and of what comes before', () => {
    const told: string[] = [];
    using _tracing = addFenceTracer({
      init: (fence) => told.push(`init ${fence.context.driverName} ${String(fence.seqno)}`),
      dependency: (fence, on) =>
        told.push(`${String(fence.seqno)} on ${on.context.driverName} ${String(on.seqno)}`),
    });
    const { fences } = chainOf(2);
    expect(told.slice(2)).toEqual([
      'init dma_fence_chain 1',
      '1 on gpu 1',
      'init dma_fence_chain 2',
      '2 on gpu 2',
      '2 on dma_fence_chain 1',
    ]);
    for (const fence of fences) fence.signal();
  });
});

describe('an error in a chain', () => {
  test('fails every link from there on, and no link before', () => {
    for (const armed of [true, false]) {
      const chain = chainOf(4);
      if (armed) arm(chain);
      chain.fences[0]?.signal();
      chain.fences[1]?.fail('EIO');
      chain.fences[2]?.signal();
      chain.fences[3]?.signal();
      for (const link of chain.links) link.poll();
      expect(chain.links.map((link) => link.error)).toEqual([
        undefined,
        ...Array.from({ length: 3 }, () => chain.fences[1]?.error),
      ]);
    }
  });

  test('a failed link stays findable, and the ones before it stay without its error', async () => {
    const { fences, links, head } = ownChainOf(3);
    forTest(head);
    links[0]?.put();
    links[1]?.put();
    fences[0]?.signal();
    fences[1]?.fail('ENODATA');
    expect(head.poll()).toBe(false);
    using failed = findChainSeqno(head, 2);
    expect(await rejection(failed.wait())).toBe(fences[1]?.error);
    using good = findChainSeqno(head, 1);
    await good.wait();
    fences[2]?.signal();
    head.poll();
    expect(head.error).toBe(fences[1]?.error);
  });

  test('of neighbours that failed, the older ones hide newer ones that failed later', () => {
    const { fences, links, head } = ownChainOf(6);
    forTest(head);
    for (const link of links.slice(0, -1)) link.put();
    for (const fence of fences.slice(0, -1)) fence.fail('EIO');
    head.poll();
    expect([...unwrapFences(head)]).toEqual([fences[5], fences[0]]);
    using found = findChainSeqno(head, 4);
    found.poll();
    expect(found.error).toBe(fences[0]?.error);
    fences[5]?.signal();
  });

  test('is the earliest, wherever it is: not the nearest one', () => {
    // Oldest first: who failed when; link 5 in front of them succeeds last.
    for (const when of [
      [1, 3, 2],
      [1, 2, 3],
      [3, 1, 2],
      [2, 3, 1],
      [3, 2, 1],
    ]) {
      const { fences, head } = chainOf(4);
      for (const turn of [1, 2, 3]) fences[when.indexOf(turn)]?.fail('EIO');
      expect(head.poll()).toBe(false);
      fences[3]?.signal();
      expect([head.poll(), head.error]).toEqual([true, fences[when.indexOf(1)]?.error]);
    }
  });

  test('in front of what is pending waits for that, and stays', () => {
    const { fences, head } = chainOf(3);
    fences[1]?.fail('EIO');
    fences[2]?.signal();
    expect([head.poll(), head.poll()]).toEqual([false, false]);
    fences[0]?.fail('ENODATA');
    expect([head.poll(), head.error]).toEqual([true, fences[1]?.error]);
  });

  test('of the plain fence that a chain began after is that of all its links', () => {
    const [plain, a, b] = [context().createFence(), context().createFence(), context().createFence()];
    using first = fenceChain(plain, a, 1);
    using second = fenceChain(first, b, 2);
    plain.fail('EIO');
    a.signal();
    expect([first.poll(), second.poll()]).toEqual([true, false]);
    b.signal();
    expect([second.poll(), first.error, second.error]).toEqual([true, plain.error, plain.error]);
  });

  long('any order of successes and failures gives each link the first error at or before it', () => {
    const step = fc.tuple(
      fc.nat({ max: 11 }),
      fc.constantFrom('signal', 'fail', 'poll', 'arm', 'find', 'drop', 'before'),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.boolean(), (steps, afterPlain) => {
        const own = context();
        const before = own.createFence();
        const fences = Array.from({ length: 12 }, () => own.createFence());
        const links: Link[] = [];
        for (const [index, fence] of fences.entries()) {
          links.push(fenceChain(links.at(-1) ?? (afterPlain ? before : undefined), fence, index + 1));
        }
        const held = links.map(() => true);
        held[12] = true;
        const all = afterPlain ? [before, ...fences] : fences;
        const failed: DmaFence[] = [];
        const complete = (link: Link): void => {
          const place = link.seqno + Number(afterPlain);
          expect(all.slice(0, place).every((fence) => fence.signaled)).toBe(true);
          const first = failed.find((fence) => all.indexOf(fence as never) < place);
          expect(link.error).toBe(first?.error);
        };
        const over = (fence: DriverFence, fails: boolean): void => {
          if (fence.signaled) return;
          if (fails) failed.push(fence);
          if (fails) fence.fail('EIO');
          else fence.signal();
        };
        for (const [index, action] of [...steps, ...indexes(12).map((index) => [index, 'signal'] as const)]) {
          const link = links[index] as Link;
          if (action === 'signal' || action === 'fail') over(fences[index] as DriverFence, action === 'fail');
          else if (action === 'before') over(before, afterPlain && index % 2 === 0);
          else if (action === 'find') {
            using found = findChainSeqno(links[11] as Link, index + 1);
            if (isFenceChain(found) && found.poll()) complete(found as Link);
            const place = index + 1 + Number(afterPlain);
            const expected = failed.find((fence) => all.indexOf(fence as never) < place);
            const done = all.slice(0, place).every((fence) => fence.signaled);
            expect(found.poll()).toBe(done);
            if (done) expect(found.error).toBe(expected?.error);
          } else if (held[index] === true) {
            if (action === 'arm') link.addCallback(complete as (fence: DmaFence) => void);
            else if (action === 'poll' && link.poll()) complete(link);
            else if (action === 'drop' && index < 11) {
              link.put();
              held[index] = false;
            }
          }
        }
        over(before, false);
        for (const [index, link] of links.entries()) {
          if (held[index] !== true) continue;
          expect(link.poll()).toBe(true);
          complete(link);
          link.put();
        }
        expect(links.map((link) => link.refCount)).toEqual(links.map(() => 0));
        expect(all.map((fence) => fence.refCount)).toEqual(all.map(() => 1));
      }),
      { numRuns: 500 },
    );
  });
});

describe('what is behind the head', () => {
  test('is collected once it has succeeded, when the chain is used; the head never is', () => {
    const { fences, links, head } = ownChainOf(4);
    forTest(head);
    for (const link of links.slice(0, -1)) link.put();
    fences[2]?.signal();
    fences[3]?.signal();
    expect(head.poll()).toBe(false);
    expect(head.data.previous).toBe(links[1]);
    expect([links[2]?.refCount, fences[2]?.refCount]).toEqual([0, 1]);
    fences[1]?.signal();
    fences[0]?.signal();
    expect([...unwrapFences(head)]).toEqual([fences[3]]);
    expect(head.data.previous).toBeUndefined();
  });

  long('is walked and released 100,000 links deep without recursion', () => {
    const heard = warnings();
    const { fences, links, head } = ownChainOf(100_000);
    for (const link of links.slice(0, -1)) link.put();
    let count = 0;
    for (const leaf of unwrapFences(head)) count += Number(leaf !== head);
    expect(count).toBe(100_000);
    head.put();
    expect(fences.every((fence) => fence.refCount === 1)).toBe(true);
    for (const fence of fences) fence.signal();
    expect(heard).toEqual([]);
  });

  test('is released up to the first link that somebody else holds', () => {
    const { fences, links, head } = ownChainOf(4);
    links[0]?.put();
    links[2]?.put();
    head.put();
    expect(links.map((link) => link.refCount)).toEqual([1, 1, 0, 0]);
    expect(fences.map((fence) => fence.refCount)).toEqual([2, 2, 1, 1]);
    links[1]?.put();
    for (const fence of fences) {
      expect(fence.refCount).toBe(1);
      fence.signal();
    }
  });

  test('is short for who still holds collected links: they need not walk the same way again', () => {
    const { fences, links } = chainOf(50);
    for (const fence of fences.slice(1)) fence.signal();
    const [first, ...others] = links as [Link, ...Link[]];
    expect(links[49]?.poll()).toBe(false);
    for (const link of others) expect(link.data.previous).toBe(first);
    fences[0]?.signal();
  });

  long('stays short in a chain that only grows, with nobody asking', () => {
    const own = ownContext();
    let head: Link | undefined;
    const pending: DriverFence[] = [];
    const released: number[] = [];
    using _tracing = addFenceTracer({ destroy: (fence) => released.push(fence.seqno) });
    for (let seqno = 1; seqno <= 10_000; seqno++) {
      const fence = own.createFence();
      const next = fenceChain(head, fence, seqno);
      head?.put();
      head = next;
      pending.push(fence);
      if (pending.length > 3) {
        const done = pending.shift() as DriverFence;
        done.signal();
        done.put();
      }
    }
    // Each link and its fence: all but the pending ones and a bounded rest are gone.
    expect(released.length).toBeGreaterThan(2 * (10_000 - 200));
    head?.put();
    for (const fence of pending) {
      fence.signal();
      fence.put();
    }
  });

  test('is asked about a bounded number of times while the chain grows, however long it is', () => {
    let asked = 0;
    const own = context({ ops: { isSignaled: () => ++asked < 0 } });
    const fences: DriverFence[] = [];
    let head: DmaFence = context().createFence();
    const [begin] = [head as DriverFence];
    const count = 2000;
    for (let point = 1; point <= count; point++) {
      const fence = own.createFence();
      fences.push(fence);
      const next = fenceChain(head, fence, point);
      if (point > 1) head.put();
      head = next;
    }
    // Each time it may have doubled, every link is asked once.
    expect(asked).toBeGreaterThan(count / 2);
    expect(asked).toBeLessThan(2 * count);
    for (const fence of [begin, ...fences]) fence.signal();
    expect(head.poll()).toBe(true);
    head.put();
  });

  test('a collected link that is released in the middle of a walk takes no reference any more', () => {
    const { fences, links } = ownChainOf(2);
    const [first, second] = links as [Link, Link];
    let ask: (() => void) | undefined;
    const own = context({
      ops: {
        isSignaled: () => {
          ask?.();
          ask = undefined;
          return false;
        },
      },
    });
    // Oldest is asked last: then the user lets go of a link that the walk has just collected.
    const oldest = own.createFence();
    using plain = fenceChain(oldest, fences[0] as DmaFence, 1);
    using middle = fenceChain(plain, fences[1] as DmaFence, 2);
    const before = oldest.refCount;
    const collected = fenceChain(middle, fences[1] as DmaFence, 3);
    using head = fenceChain(collected, fences[1] as DmaFence, 4);
    fences[0]?.signal();
    fences[1]?.signal();
    ask = () => {
      collected.put();
      expect(collected.refCount).toBe(0);
    };
    expect(head.poll()).toBe(false);
    expect([ask, head.data.previous]).toEqual([undefined, oldest]);
    // One each for the head and the two links that are still held.
    expect(oldest.refCount).toBe(before + 2);
    oldest.signal();
    for (const link of [first, second]) link.put();
  });

  test('may be dropped by the callback of a poll in the middle of a walk', () => {
    const { fences, links, head } = ownChainOf(3);
    let ask = true;
    const own = context({
      ops: {
        isSignaled: () => {
          if (ask) {
            ask = false;
            // Collects the very link that is being asked about.
            fences[1]?.signal();
            head.poll();
          }
          return true;
        },
      },
    });
    const asked = own.createFence();
    using fourth = fenceChain(head, asked, 4);
    using fifth = fenceChain(fourth, fences[2] as DmaFence, 5);
    for (const link of links) link.put();
    fences[2]?.signal();
    expect(fifth.poll()).toBe(false);
    expect(fifth.data.previous).toBe(links[0]);
    fences[0]?.signal();
    expect(fifth.poll()).toBe(true);
  });
});

describe('a walk', () => {
  test('in which an exporter that is asked walks the same chain leaves out nothing that is pending', () => {
    let head: Link | undefined = undefined;
    const own = context({
      ops: {
        isSignaled: () => {
          // Drops the link of the very fence that is being asked about.
          const again = head;
          head = undefined;
          again?.poll();
          return true;
        },
      },
    });
    const [asked, oldest, newest] = [own.createFence(), context().createFence(), context().createFence()];
    using first = fenceChain(undefined, oldest, 1);
    const second = fenceChain(first, asked, 2);
    using third = fenceChain(second, newest, 3);
    second.put();
    newest.signal();
    head = third;
    expect(third.poll()).toBe(false);
    expect([head, third.data.previous]).toEqual([undefined, first]);
    oldest.signal();
    expect(third.poll()).toBe(true);
  });
});

describe('an armed chain', () => {
  test('holds a reference to itself until it is over', () => {
    const heard = warnings();
    const { fences, links, head } = ownChainOf(2);
    head.enableSignaling();
    for (const link of links) link.put();
    expect(head.refCount).toBe(1);
    fences[1]?.signal();
    fences[0]?.signal();
    expect(links.map((link) => link.refCount)).toEqual([0, 0]);
    expect(fences.map((fence) => fence.refCount)).toEqual([1, 1]);
    expect(heard).toEqual([]);
  });

  test('asks an exporter only when its turn comes; one that is "already done" lets it go on', () => {
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
    using first = fenceChain(undefined, a, 1);
    using second = fenceChain(first, b, 2);
    using third = fenceChain(second, c, 3);
    third.enableSignaling();
    expect(asked).toEqual([3]);
    c.signal();
    expect(asked).toEqual([3, 2, 1]);
    a.signal();
    expect(third.status).toBe('signaled');
  });

  test('an exporter that arms other links of the chain while it is asked confuses nobody', () => {
    const links: Link[] = [];
    const completed: number[] = [];
    const own = context({
      ops: {
        enableSignaling: () => {
          links[2]?.addCallback(({ seqno }) => completed.push(seqno));
          links[0]?.addCallback(({ seqno }) => completed.push(seqno));
          return true;
        },
      },
    });
    const fences = [own.createFence(), own.createFence(), own.createFence()];
    for (const fence of fences) links.push(forTest(fenceChain(links.at(-1), fence, links.length + 1)));
    links[1]?.addCallback(({ seqno }) => completed.push(seqno));
    expect(oneRecordEach(fences)).toBe(true);
    for (const fence of fences) fence.signal();
    expect(completed.toSorted()).toEqual([1, 1, 1, 2, 3, 3, 3]);
    expect(links.every((link) => link.signaled)).toBe(true);
  });

  test('hangs by one record on a fence whose exporter arms another link that waits for it', () => {
    const links: Link[] = [];
    const completed: number[] = [];
    const note = ({ seqno }: DmaFence): void => void completed.push(seqno);
    const own = context({
      ops: {
        enableSignaling: ({ seqno }) => {
          if (seqno === 2) links[2]?.addCallback(note);
          return true;
        },
      },
    });
    const fences = [own.createFence(), own.createFence(), own.createFence()];
    for (const fence of fences) links.push(fenceChain(links.at(-1), fence, links.length + 1));
    fences[2]?.signal();
    links[1]?.addCallback(note);
    expect(oneRecordEach(fences)).toBe(true);
    fences[1]?.signal();
    fences[0]?.signal();
    expect(completed.toSorted()).toEqual([2, 3]);
    for (const link of links) link.put();
    expect(links.map((link) => link.refCount)).toEqual([0, 0, 0]);
  });

  test('hangs by one record on each fence, whatever gathers there', () => {
    const chain = chainOf(4);
    arm(chain);
    for (const index of [3, 2, 1]) {
      expect(oneRecordEach(chain.fences)).toBe(true);
      chain.fences[index]?.signal();
    }
    expect(oneRecordEach(chain.fences)).toBe(true);
    chain.fences[0]?.signal();
    expect(chain.links.every((link) => link.signaled)).toBe(true);
  });

  test('a callback that polls links still to be completed completes them once', () => {
    const chain = chainOf(3);
    const completed: number[] = [];
    chain.links[0]?.addCallback(({ seqno }) => {
      completed.push(seqno);
      expect(chain.head.poll()).toBe(true);
    });
    for (const link of chain.links.slice(1)) link.addCallback(({ seqno }) => completed.push(seqno));
    for (const fence of chain.fences.toReversed()) fence.signal();
    expect(completed).toEqual([1, 3, 2]);
    expect(chain.links.map((link) => link.refCount)).toEqual([
      1 + Number(chain.links[1]?.data.previous !== undefined),
      1,
      1,
    ]);
  });

  test('a link that was collected while others wait at it still takes them on', () => {
    const { fences, links, head } = ownChainOf(3);
    forTest(head);
    forTest(links[0] as Link);
    // Runs before the chain hears of it, and collects the link that the head waits at.
    fences[1]?.addCallback(() => void head.poll());
    fences[2]?.signal();
    head.enableSignaling();
    links[1]?.put();
    fences[1]?.signal();
    expect(head.signaled).toBe(false);
    fences[0]?.signal();
    expect(head.signaled).toBe(true);
    expect(links[1]?.refCount).toBe(0);
  });

  test('a link that was completed, collected and released before its followers heard of it lets none of them down', () => {
    const { fences, links, head } = ownChainOf(2);
    forTest(head);
    const [first] = links as [Link];
    const [one, two] = fences as [DriverFence, DriverFence];
    // Runs first: the poll completes link 1, the search collects it from the head, the put releases it.
    one.addCallback(() => {
      expect(first.poll()).toBe(true);
      using _found = findChainSeqno(head, 1);
      first.put();
      expect(first.refCount).toBe(0);
    });
    first.enableSignaling();
    two.signal();
    head.enableSignaling();
    one.signal();
    expect(head.status).toBe('signaled');
  });

  test('so does one whose fence is gone as well', () => {
    const [one, two, three] = [ownContext().createFence(), context().createFence(), context().createFence()];
    const first = fenceChain(undefined, one, 1);
    const second = fenceChain(first, two, 2);
    using head = fenceChain(second, three, 3);
    one.addCallback(() => {
      first.poll();
      using _found = findChainSeqno(head, 1);
      first.put();
      expect(first.refCount).toBe(0);
    });
    first.enableSignaling();
    three.signal();
    two.signal();
    head.enableSignaling();
    second.put();
    one.signal();
    one.put();
    expect([head.status, one.refCount]).toEqual(['signaled', 0]);
  });

  test('put once too often, it is gone and its fences’ signals do no harm', () => {
    const heard = warnings();
    const { fences, head } = ownChainOf(1);
    head.enableSignaling();
    expect(head.refCount).toBe(2);
    head.put();
    head.put();
    fences[0]?.signal();
    expect([head.signaled, heard]).toEqual([false, []]);
  });

  test('put once too often while it waits behind others, it takes nobody with it', () => {
    const heard = warnings();
    const [one, two, three] = [context().createFence(), context().createFence(), ownContext().createFence()];
    using first = fenceChain(undefined, one, 1);
    using second = fenceChain(first, two, 2);
    const head = fenceChain(second, three, 3);
    for (const link of [first, second, head]) link.enableSignaling();
    two.signal();
    three.signal();
    three.put();
    head.put();
    head.put();
    expect([head.refCount, three.refCount]).toEqual([0, 0]);
    one.signal();
    expect([first.signaled, second.signaled, head.signaled, heard.length]).toEqual([true, true, false, 0]);
  });
});

test('a poll lets go of what is over behind a head that is still pending', () => {
  const [a, b, c] = [context().createFence(), context().createFence(), context().createFence()];
  const first = fenceChain(undefined, a, 1);
  const second = fenceChain(first, b, 2);
  const head = fenceChain(second, c, 3);
  first.put();
  second.put();
  a.signal();
  b.signal();
  expect(head.poll()).toBe(false);
  expect(head.data.previous).toBeUndefined();
  expect([a.refCount, b.refCount]).toEqual([1, 1]);
  c.signal();
  expect(head.poll()).toBe(true);
  head.put();
});
