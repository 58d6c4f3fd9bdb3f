import { beginSignalling } from '@dma-fence/core';
import { lockdep } from '@dma-fence/core/lockdep';
import { SharedTimeline } from '@dma-fence/core/shared';
import { describe, expect, onTestFinished, test } from 'vitest';
import { thrown } from '../support.js';
import { fence, kinds, watch } from './support.js';

// A wait that blocks the thread: each bug on a schedule on which it does not have to, and its repaired twin.

/** A timeline that has reached 1, so that a wait for 1 is over at once. */
function timeline(): SharedTimeline {
  const made = SharedTimeline.create({ driverName: 'codec', timelineName: 'decode' });
  onTestFinished(() => made[Symbol.dispose]());
  made.advanceTo(1);
  return made;
}

describe('waitSync in a free section', () => {
  test('is found', () => {
    const session = watch();
    const own = timeline();
    const section = beginSignalling();
    own.waitSync(1);
    section.end();
    expect(kinds(session)).toEqual(['forbidden']);
    expect(session.reports[0]?.title).toMatch(
      /^fence codec:decode:\d+:1 blocks the thread in a free signalling section$/,
    );
  });

  test('before the section is silent', () => {
    const session = watch();
    timeline().waitSync(1);
    beginSignalling().end();
    expect(session.reports).toEqual([]);
  });

  test('that only looks is silent', () => {
    const session = watch();
    const own = timeline();
    const section = beginSignalling();
    own.waitSync(1, { timeoutMs: 0 });
    expect(thrown(() => own.waitSync(2, { timeoutMs: 0 })).code).toBe('ETIME');
    section.end();
    expect(session.reports).toEqual([]);
  });
});

describe('waitSync in the section of a fence', () => {
  test('is found in work that signals it', async () => {
    const session = watch();
    const own = timeline();
    await fence().signalAfter(() => own.waitSync(1));
    expect(kinds(session)).toEqual(['forbidden']);
  });

  test('is silent where a fence is waited for instead', async () => {
    const session = watch();
    const own = timeline();
    await fence().signalAfter(async () => {
      const decoded = own.fenceAt(1);
      await decoded.wait();
      decoded.put();
    });
    expect(session.reports).toEqual([]);
  });
});

describe('waitSync in a callback', () => {
  test('is found', () => {
    const session = watch();
    const [own, first] = [timeline(), fence()];
    first.addCallback(() => own.waitSync(1));
    first.signal();
    expect(kinds(session)).toEqual(['forbidden']);
  });

  test('is silent after it', () => {
    const session = watch();
    const [own, first] = [timeline(), fence()];
    first.addCallback(() => undefined);
    first.signal();
    own.waitSync(1);
    expect(session.reports).toEqual([]);
  });
});

describe('waitSync under a lock that signallers take', () => {
  function produce(name: string): void {
    const section = beginSignalling();
    lockdep.release(lockdep.acquire(lockdep.classOf(name)));
    section.end();
  }

  test('is found', () => {
    const session = watch();
    const own = timeline();
    produce('frames');
    const held = lockdep.acquire(lockdep.classOf('frames'));
    own.waitSync(1);
    lockdep.release(held);
    expect(kinds(session)).toEqual(['lock-under-wait']);
  });

  test('is silent when the lock is released first', () => {
    const session = watch();
    const own = timeline();
    produce('other frames');
    lockdep.release(lockdep.acquire(lockdep.classOf('other frames')));
    own.waitSync(1);
    expect(session.reports).toEqual([]);
  });
});

test('in mode throw it is the call that throws, before it blocks', () => {
  watch({ mode: 'throw' });
  const own = timeline();
  const section = beginSignalling();
  expect(() => own.waitSync(2)).toThrow('blocks the thread');
  section.end();
  expect(own.context.pending).toBe(1);
  own.advanceTo(2);
  expect(own.context.pending).toBe(0);
});
