import { fenceArray, FenceCallback, fenceChain, signaledFence } from '@dma-fence/core';
import { leakedFences, pendingFences, trackFences, type TrackOptions } from '@dma-fence/core/debug';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { collect } from '../lockdep/garbage.js';
import { context, forTest, ownContext, planted, thrown, warnings } from '../support.js';

function track(options?: TrackOptions): Disposable {
  const tracking = trackFences(options);
  onTestFinished(() => {
    tracking[Symbol.dispose]();
  });
  return tracking;
}

describe('pendingFences', () => {
  test('lists what was created since tracking began and has not signaled', () => {
    const own = ownContext();
    const before = forTest(own.createFence());
    track();
    const [a, b, c] = [forTest(own.createFence()), forTest(own.createFence()), own.createFence()];
    expect(pendingFences().map(({ name }) => name)).toEqual([a.name, b.name, c.name]);
    a.signal();
    b.fail('EIO');
    expect(pendingFences().map(({ name }) => name)).toEqual([c.name]);
    warnings();
    c.put();
    before.signal();
    expect(pendingFences()).toEqual([]);
  });

  test('tells age, references and waiters', () => {
    let now = 100;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    track();
    const fence = context().createFence();
    const read = (): unknown[] =>
      pendingFences().map(({ ageMs, refCount, waiters }) => [ageMs, refCount, waiters]);
    expect(read()).toEqual([[0, 1, 0]]);
    now = 150;
    forTest(fence.get());
    fence.addCallback(() => undefined);
    expect(read()).toEqual([[50, 2, 1]]);
    const record = new FenceCallback(() => undefined);
    fence.addCallback(record);
    void fence.wait();
    expect(read()).toEqual([[50, 2, 3]]);
    fence.removeCallback(record);
    expect(read()).toEqual([[50, 2, 2]]);
    fence.signal();
    vi.restoreAllMocks();
  });

  test('tells where a fence was created, if asked to', () => {
    const tracking = track();
    const plain = context().createFence();
    expect(pendingFences()[0]?.created).toEqual([]);
    plain.signal();
    tracking[Symbol.dispose]();
    track({ stacks: true });
    const fence = forTest(ownContext().createFence());
    expect(pendingFences()[0]?.created[0]).toContain('track.node.test.ts');
    fence.signal();
  });

  test('tells which member a container waits for', () => {
    const own = context();
    const [a, b] = [own.createFence(), own.createFence()];
    track();
    const both = fenceArray([a, b]);
    const chain = fenceChain(undefined, both, 1);
    a.signal();
    expect(pendingFences().map(({ pendingMember }) => pendingMember)).toEqual([b.name, b.name]);
    b.signal();
    chain.put();
    both.put();
  });
});

describe('trackFences', () => {
  test('several may be on; the last one that ends forgets everything, ending twice is harmless', () => {
    const [one, two] = [track(), track()];
    one[Symbol.dispose]();
    one[Symbol.dispose]();
    const fence = context().createFence();
    expect(pendingFences()).toHaveLength(1);
    two[Symbol.dispose]();
    expect(pendingFences()).toEqual([]);
    fence.signal();
  });

  test('stacks are kept as long as one of several wants them', () => {
    const created = (): number => {
      const fence = context().createFence();
      const { length } = pendingFences().at(-1)?.created ?? [];
      fence.signal();
      return length;
    };
    const plain = track();
    expect(created()).toBe(0);
    const one = track({ stacks: true });
    expect(created()).toBeGreaterThan(0);
    one[Symbol.dispose]();
    expect(created()).toBe(0);
    plain[Symbol.dispose]();
  });

  test('a fence from before that signals and goes is none of its business', () => {
    const fence = ownContext().createFence();
    track();
    fence.signal();
    fence.put();
    expect(pendingFences()).toEqual([]);
  });

  test('it says nothing of the stub, which is nobody’s to signal or put', () => {
    track();
    signaledFence().put();
    expect([...pendingFences(), ...leakedFences()]).toEqual([]);
  });

  test.each([
    [7, 'options must be an object, not 7'],
    [null, 'options must be an object, not null'],
    [{ stack: true }, '"stack" is no option; there are stacks'],
    [{ stacks: 'yes' }, 'stacks must be true or false, not "yes"'],
  ])('refuses %j', (options, message) => {
    expect(thrown(() => trackFences(options as TrackOptions))).toMatchObject({
      code: 'EINVAL',
      message: `trackFences(): ${message}`,
    });
  });
});

describe('leakedFences', () => {
  test('lists fences that were collected with references held, and only those', async () => {
    track({ stacks: true });
    planted('leaked', 'gpu:leaky');
    const own = ownContext({ timelineName: 'leaky' });
    const leak = (): void => {
      own.createFence().signal();
      own.createFence();
      const kept = own.createFence();
      kept.signal();
      kept.put();
    };
    leak();
    await collect(() => leakedFences().length >= 2);
    expect(
      leakedFences()
        .map(({ name }) => name.split(':').at(-1))
        .sort(),
    ).toEqual(['1', '2']);
    expect(leakedFences()[0]?.created[0]).toContain('leak');
    expect(pendingFences()).toEqual([]);
  });
});
