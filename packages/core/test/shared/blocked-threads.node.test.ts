import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { SharedTimeline } from '@dma-fence/core/shared';
import { describe, expect, onTestFinished, test } from 'vitest';
import { AWAITED, BLOCKED_SLOTS, createBlock, encode, openBlock, VALUE } from '../../src/shared/block.js';
import { BlockedThreads } from '../../src/shared/blocked-threads.js';
import { AtomicsMemory } from '../../src/shared/memory.js';
import { startWorker } from '../../stress/worker.js';
import { explore, ScheduleError } from '../explorer/explorer.js';
import type { Program } from '../explorer/virtual-thread.js';
import { freshBlock, VirtualMemory } from './virtual-memory.js';

const block = openBlock('test', createBlock({ errorSlots: 4, errorTextBytes: 0, skippedFail: false }, 0));

/** The counts of a fresh timeline, and its words. */
function counts() {
  const words = new Int32Array(freshBlock());
  return { blocked: new BlockedThreads(new AtomicsMemory(words), block), words };
}

describe('threads that block for a value', () => {
  test.each([0, 63, 2 ** 30 - 1, 2 ** 30, 2 ** 32 + 5, Number.MAX_SAFE_INTEGER])(
    'are counted for %d until they leave',
    (value) => {
      const { blocked } = counts();
      expect(blocked.count(value)).toBe(0);
      expect([blocked.enter(value), blocked.enter(value)]).toEqual([true, true]);
      expect(blocked.count(value)).toBe(2);
      blocked.leave(value);
      expect(blocked.count(value)).toBe(1);
      blocked.leave(value);
      expect(blocked.count(value)).toBe(0);
    },
  );

  test('are counted for each of 64 values at once, and not for one more', () => {
    const { blocked } = counts();
    for (let value = 1; value <= BLOCKED_SLOTS; value++) expect(blocked.enter(value)).toBe(true);
    expect(blocked.enter(BLOCKED_SLOTS + 1)).toBe(false);
    expect([blocked.count(1), blocked.count(BLOCKED_SLOTS), blocked.count(BLOCKED_SLOTS + 1)]).toEqual([
      1, 1, 0,
    ]);
  });

  test.each([0, AWAITED])('that were terminated keep their place only until their value is over', (flag) => {
    const { blocked, words } = counts();
    blocked.enter(7);
    words[VALUE] = encode(6) | flag;
    expect(blocked.enter(7 + BLOCKED_SLOTS)).toBe(false);
    words[VALUE] = encode(7) | flag;
    expect(blocked.enter(7 + BLOCKED_SLOTS)).toBe(true);
    expect(blocked.count(7)).toBe(0);
    // One that slept all the time takes nothing from those that came after it.
    blocked.leave(7);
    expect(blocked.count(7 + BLOCKED_SLOTS)).toBe(1);
  });

  test('are counted across the turn of the value’s 30 bits', () => {
    const { blocked, words } = counts();
    words[VALUE] = encode(2 ** 30 - 2);
    const before = 2 ** 30 - 1;
    blocked.enter(before);
    expect(blocked.enter(before + BLOCKED_SLOTS)).toBe(false);
    words[VALUE] = encode(2 ** 30);
    expect(blocked.enter(before + BLOCKED_SLOTS)).toBe(true);
  });

  test('are 255 at most', () => {
    const { blocked } = counts();
    for (let thread = 0; thread < 255; thread++) expect(blocked.enter(3)).toBe(true);
    expect(blocked.enter(3)).toBe(false);
    expect(blocked.count(3)).toBe(255);
  });

  const passes =
    (value: number, split = false): Program =>
    (cells) => {
      const memory = new VirtualMemory(cells);
      const blocked = new BlockedThreads(memory, block);
      if (!split) {
        if (blocked.enter(value)) blocked.leave(value);
        return;
      }
      // The planted mistake: as if the count were read and written in two steps.
      const slot = block.blockedAt + (value % BLOCKED_SLOTS);
      for (const change of [1, -1]) memory.store(slot, memory.load(slot) + change);
    };
  const scenario = (split: boolean) => ({
    cells: freshBlock(),
    threads: { one: passes(1, split), other: passes(1, split), third: passes(1 + BLOCKED_SLOTS, split) },
    check: ({ cells }: { cells: readonly number[] }) => {
      expect((cells[block.blockedAt + 1] as number) & 0xff).toBe(0);
    },
  });

  test('are none in the end, under every schedule', () => {
    expect(explore(scenario(false)).schedules).toBeGreaterThan(100);
  });

  test('that lose an exchange would be noticed', () => {
    expect(() => explore(scenario(true))).toThrow(ScheduleError);
  });

  test('are seen by another thread through the carrier', async () => {
    using own = SharedTimeline.create({ driverName: 'test', timelineName: 'work' });
    const value = own.reserve();
    const { carrier } = own.context;
    expect(carrier?.blocked?.(value)).toBe(0);
    const worker = startWorker(fileURLToPath(new URL('children/blocker.js', import.meta.url)), own.handle);
    onTestFinished(async () => {
      await worker.terminate();
    });
    await once(worker, 'message');
    while (carrier?.blocked?.(value) === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(carrier?.blocked?.(value)).toBe(1);
    own.advanceTo(value);
    await once(worker, 'exit');
    expect(carrier?.blocked?.(value)).toBe(0);
  });
});
