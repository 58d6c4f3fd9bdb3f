import { FenceCallback, type DmaFence } from '@dma-fence/core';
import { describe, expect, test } from 'vitest';
import { callbackErrors, context, ownContext, thrown } from '../support.js';

describe('addCallback', () => {
  test('runs the callback inside signal, with the fence, once', () => {
    const fence = context().createFence({ job: 1 });
    const seen: DmaFence[] = [];
    expect(fence.addCallback((signaled) => void seen.push(signaled))).toBe(true);
    expect(seen).toEqual([]);
    fence.signal();
    expect(seen).toEqual([fence]);
    fence.signal();
    fence.fail('EIO');
    expect(seen).toHaveLength(1);
  });

  test('runs the callback inside fail too', () => {
    const fence = context().createFence();
    const codes: unknown[] = [];
    fence.addCallback(({ error }) => void codes.push(error?.code));
    fence.fail('ENODATA');
    expect(codes).toEqual(['ENODATA']);
  });

  test('late: answers false on a signaled fence, and the callback is never called', () => {
    const fence = context().createFence();
    fence.signal();
    let calls = 0;
    const record = new FenceCallback(() => void calls++);
    expect(fence.addCallback(() => void calls++)).toBe(false);
    expect(fence.addCallback(record)).toBe(false);
    expect(record.pending).toBe(false);
    expect(calls).toBe(0);
  });

  test('re-entrant: inside a callback the fence is signaled and takes no more', () => {
    const fence = context().createFence();
    const seen: unknown[] = [];
    fence.addCallback((signaled) => {
      seen.push(
        signaled.signaled,
        signaled.addCallback(() => seen.push('never')),
      );
    });
    fence.signal();
    expect(seen).toEqual([true, false]);
  });

  test('callbacks run first in, first out, plain ones and records alike', () => {
    const fence = context().createFence();
    const order: number[] = [];
    for (let i = 0; i < 10; i++) {
      fence.addCallback(i % 2 === 0 ? () => order.push(i) : new FenceCallback(() => order.push(i)));
    }
    fence.signal();
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('the same plain function added twice is two registrations', () => {
    const fence = context().createFence();
    let calls = 0;
    const count = (): void => void calls++;
    fence.addCallback(count);
    fence.addCallback(count);
    fence.signal();
    expect(calls).toBe(2);
  });

  test('one that throws stops no other and never reaches the producer', () => {
    const errors = callbackErrors();
    const fence = context().createFence();
    const order: string[] = [];
    const boom = new Error('boom');
    fence.addCallback(() => {
      throw boom;
    });
    fence.addCallback(
      new FenceCallback(() => {
        throw boom;
      }),
    );
    fence.addCallback(() => void order.push('last'));
    expect(fence.signal()).toBe(true);
    expect(order).toEqual(['last']);
    expect(errors).toEqual([
      { error: boom, fence },
      { error: boom, fence },
    ]);
  });

  test('a callback may signal other fences, and everything is done when signal returns', () => {
    const own = context();
    const [first, second] = [own.createFence(), own.createFence()];
    const order: string[] = [];
    first.addCallback(() => {
      order.push('first begins');
      second.signal();
      order.push('first ends');
    });
    second.addCallback(() => void order.push('second'));
    first.signal();
    expect(order).toEqual(['first begins', 'second', 'first ends']);
  });

  test('a callback may put the last reference', () => {
    const fence = ownContext().createFence();
    let after = false;
    fence.addCallback((signaled) => {
      signaled.put();
    });
    fence.addCallback(() => {
      after = true;
    });
    fence.signal();
    expect(after).toBe(true);
    expect(fence.refCount).toBe(0);
  });

  test.each([5, undefined, null, {}, 'run'])('refuses %j with EINVAL', (callback) => {
    const fence = context().createFence();
    expect(thrown(() => fence.addCallback(callback as never))).toMatchObject({
      code: 'EINVAL',
      message: expect.stringContaining(
        'callback of addCallback() must be a function or a FenceCallback, not ',
      ) as string,
    });
  });
});

describe('FenceCallback', () => {
  test('carries its data and gets itself', () => {
    const fence = context().createFence();
    const record = new FenceCallback((_, self) => void self.data.push(self.data.length), [7]);
    fence.addCallback(record);
    expect(record.pending).toBe(true);
    fence.signal();
    expect(record.data).toEqual([7, 1]);
    expect(record.pending).toBe(false);
  });

  test('is free again when it runs: it can go onto another fence from inside', () => {
    const own = context();
    const [first, second] = [own.createFence(), own.createFence()];
    const seen: number[] = [];
    const record = new FenceCallback((fence, self) => {
      seen.push(fence.seqno);
      if (fence === first) second.addCallback(self);
    });
    first.addCallback(record);
    first.signal();
    expect(record.pending).toBe(true);
    second.signal();
    expect(seen).toEqual([1, 2]);
  });

  test('pending on a fence it cannot be added again, EINVAL names where it hangs', () => {
    const own = context();
    const [first, second] = [own.createFence(), own.createFence()];
    const record = new FenceCallback(() => undefined);
    first.addCallback(record);
    for (const fence of [first, second]) {
      const error = thrown(() => fence.addCallback(record));
      expect(error).toMatchObject({
        code: 'EINVAL',
        message: `fence ${fence.name}: this FenceCallback hangs on ${first.name}; remove it there, or use another`,
      });
    }
    let asked = 0;
    const other = context({ ops: { enableSignaling: () => ++asked > 0 } }).createFence();
    expect(thrown(() => other.addCallback(record)).code).toBe('EINVAL');
    expect(asked).toBe(0);
    expect(first.removeCallback(record)).toBe(true);
    expect(second.addCallback(record)).toBe(true);
  });

  test('disposing removes it, any number of times', () => {
    const fence = context().createFence();
    let calls = 0;
    const record = new FenceCallback(() => void calls++);
    {
      using registered = record;
      fence.addCallback(registered);
    }
    expect(record.pending).toBe(false);
    record[Symbol.dispose]();
    fence.signal();
    record[Symbol.dispose]();
    expect(calls).toBe(0);
  });
});

describe('removeCallback', () => {
  test('is true only for one that had not run, and then it does not', () => {
    const own = context();
    const [fence, other] = [own.createFence(), own.createFence()];
    let calls = 0;
    const record = new FenceCallback(() => void calls++);
    expect(fence.removeCallback(record)).toBe(false);
    fence.addCallback(record);
    expect(other.removeCallback(record)).toBe(false);
    expect(fence.removeCallback(record)).toBe(true);
    expect(fence.removeCallback(record)).toBe(false);
    fence.signal();
    expect(calls).toBe(0);
  });

  test('late: false after the signal and after the last put', () => {
    const fence = ownContext().createFence();
    const record = new FenceCallback(() => undefined);
    fence.addCallback(record);
    fence.signal();
    expect(fence.removeCallback(record)).toBe(false);
    fence.put();
    expect(fence.removeCallback(record)).toBe(false);
  });

  test('re-entrant: a callback can remove one that comes after it, not itself and none before', () => {
    const fence = context().createFence();
    const order: string[] = [];
    const answers: boolean[] = [];
    const before = new FenceCallback(() => void order.push('before'));
    const self = new FenceCallback(() => {
      order.push('self');
      answers.push(fence.removeCallback(before), fence.removeCallback(self), fence.removeCallback(after));
    });
    const after = new FenceCallback(() => void order.push('after'));
    for (const record of [before, self, after]) fence.addCallback(record);
    fence.addCallback(() => void order.push('last'));
    fence.signal();
    expect(order).toEqual(['before', 'self', 'last']);
    expect(answers).toEqual([false, false, true]);
    expect(after.pending).toBe(false);
  });

  test('removed during the dispatch and put onto another fence, it runs there only', () => {
    const own = context();
    const [first, second] = [own.createFence(), own.createFence()];
    const seen: number[] = [];
    const moved = new FenceCallback((fence) => void seen.push(fence.seqno));
    first.addCallback(() => {
      first.removeCallback(moved);
      second.addCallback(moved);
    });
    first.addCallback(moved);
    first.signal();
    expect(seen).toEqual([]);
    expect(moved.pending).toBe(true);
    second.signal();
    expect(seen).toEqual([2]);
  });

  test('a plain function cannot be removed: EINVAL says what can', () => {
    const fence = context().createFence();
    const plain = (): void => undefined;
    fence.addCallback(plain);
    expect(thrown(() => fence.removeCallback(plain as never))).toMatchObject({
      code: 'EINVAL',
      message: `fence ${fence.name}: callback of removeCallback() must be a FenceCallback, not a function`,
    });
  });

  test('many come and go in any order, the rest keeps its order', () => {
    const fence = context().createFence();
    const order: number[] = [];
    const records = Array.from({ length: 500 }, (_, i) => new FenceCallback(() => void order.push(i)));
    for (const record of records) fence.addCallback(record);
    // 7 and 500 have no common divisor: every record's turn comes, in a scrambled order.
    for (let i = 0; i < 400; i++)
      expect(fence.removeCallback(records[(i * 7) % 500] as FenceCallback)).toBe(true);
    fence.addCallback(records[0] as FenceCallback);
    const left = records.filter((record) => record.pending).map((record) => records.indexOf(record));
    fence.signal();
    expect(left).toHaveLength(101);
    expect(order).toEqual([...left.filter((i) => i !== 0), 0]);
  });

  test('a fence whose callbacks all went takes new ones', () => {
    const fence = context().createFence();
    const order: string[] = [];
    const [one, two] = [new FenceCallback(() => undefined), new FenceCallback(() => undefined)];
    fence.addCallback(one);
    fence.addCallback(two);
    fence.removeCallback(one);
    fence.removeCallback(two);
    fence.addCallback(() => void order.push('new'));
    fence.addCallback(one);
    fence.removeCallback(one);
    fence.signal();
    expect(order).toEqual(['new']);
  });
});

test.each([undefined, null, 5, {}])('a record that has nothing to run is refused: %o', (run) => {
  expect(thrown(() => new FenceCallback(run as () => void))).toMatchObject({
    code: 'EINVAL',
    message: expect.stringMatching(/^FenceCallback: run must be a function, not /) as string,
  });
});
