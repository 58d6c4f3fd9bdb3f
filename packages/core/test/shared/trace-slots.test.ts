import { describe, expect, test } from 'vitest';
import { DmaFenceContext } from '@dma-fence/core';
import { SharedTimeline } from '@dma-fence/core/shared';
import { createBlock, openBlock, TRACE_SLOT_WORDS, TRACE_SLOTS } from '../../src/shared/block.ts';
import { BlockedThreads } from '../../src/shared/blocked-threads.ts';
import { AtomicsMemory } from '../../src/shared/memory.ts';
import { TraceSlots } from '../../src/shared/trace-slots.ts';

/** The 25 bytes of somebody. */
function bytes(of: number): Uint8Array {
  return Uint8Array.from({ length: 25 }, (_, place) => (place * 37 + of * 101) & 0xff);
}

/** The ends of two threads, and the words between them. */
function threads() {
  const block = openBlock('test', createBlock({ errorSlots: 1, errorTextBytes: 0, skippedFail: false }, 0));
  const blocked = new BlockedThreads(new AtomicsMemory(block.words), block);
  const [one, other] = [new TraceSlots(block, blocked), new TraceSlots(block, blocked)];
  one.writable = other.writable = true;
  const slotOf = (value: number) => block.traceAt + (value % TRACE_SLOTS) * TRACE_SLOT_WORDS;
  return { one, other, slotOf, words: block.words };
}

describe('what tracers leave for a value of a shared timeline', () => {
  test('is read in any thread, byte by byte', () => {
    const { one, other } = threads();
    expect(one.offer(1, bytes(1))).toBe(true);
    expect(one.offer(2, bytes(2))).toBe(true);
    expect(other.read(1)).toEqual(bytes(1));
    expect(one.read(2)).toEqual(bytes(2));
    expect(other.read(3)).toBeUndefined();
  });

  test('stays what the first thread left', () => {
    const { one, other } = threads();
    expect(one.offer(5, bytes(1))).toBe(true);
    expect(other.offer(5, bytes(2))).toBe(false);
    expect(one.offer(5, bytes(3))).toBe(false);
    expect(other.read(5)).toEqual(bytes(1));
  });

  test('is there for the newest 64 values', () => {
    const { one, other } = threads();
    for (let value = 1; value <= 65; value++) one.offer(value, bytes(value));
    expect(other.read(1)).toBeUndefined();
    for (let value = 2; value <= 65; value++) expect(other.read(value)).toEqual(bytes(value));
  });

  test.each([0, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 2 ** 32, 2 ** 40 + 64, Number.MAX_SAFE_INTEGER])(
    'is told of value %d and of no other with the same slot and tag',
    (value) => {
      const { one, other } = threads();
      expect(other.read(value)).toBeUndefined();
      expect(one.offer(value, bytes(7))).toBe(true);
      expect(other.read(value)).toEqual(bytes(7));
      const twin = value >= 2 ** 31 ? value - 2 ** 31 : value + 2 ** 31;
      expect(other.read(twin)).toBeUndefined();
    },
  );

  test('is nothing until it is written, and stays nothing when its thread dies on the way', () => {
    const { one, other, slotOf, words } = threads();
    words[slotOf(9)] = (9 << 1) | 1;
    expect(other.read(9)).toBeUndefined();
    expect(one.offer(9, bytes(1))).toBe(false);
    expect(one.offer(9 + TRACE_SLOTS, bytes(2))).toBe(true);
    expect(other.read(9 + TRACE_SLOTS)).toEqual(bytes(2));
  });

  test('is nothing where two threads have written across each other, or nobody did', () => {
    const { one, other, slotOf, words } = threads();
    one.offer(9, bytes(1));
    for (let word = 1; word < TRACE_SLOT_WORDS; word++) {
      const at = slotOf(9) + word;
      words[at] = (words[at] as number) ^ (1 << word);
      expect(other.read(9)).toBeUndefined();
      words[at] = words[at] ^ (1 << word);
      expect(other.read(9)).toEqual(bytes(1));
    }
    // Garbage with the tag of the value is no reason not to write.
    words.fill(0x5eed, slotOf(10) + 1, slotOf(10) + TRACE_SLOT_WORDS);
    words[slotOf(10)] = 10 << 1;
    expect(other.read(10)).toBeUndefined();
    expect(one.offer(10, bytes(3))).toBe(true);
    expect(other.read(10)).toEqual(bytes(3));
  });

  test('is not taken when it is not 25 bytes', () => {
    const { one } = threads();
    expect(one.offer(1, new Uint8Array(24))).toBe(false);
    expect(one.offer(1, new Uint8Array(26))).toBe(false);
    expect(one.read(1)).toBeUndefined();
  });
});

describe('the context of a shared timeline', () => {
  test('carries for tracers; no other context does', () => {
    using timeline = SharedTimeline.create({ driverName: 'codec', timelineName: 'decode' });
    expect(timeline.context.carrier?.offer(1, bytes(1))).toBe(true);
    expect(timeline.context.carrier?.read(1)).toEqual(bytes(1));
    expect(new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' }).carrier).toBeUndefined();
  });

  test('takes nothing in a thread that may only look, and shows what others left', () => {
    const buffer = createBlock({ errorSlots: 1, errorTextBytes: 0, skippedFail: false }, 0);
    const names = { driverName: 'codec', timelineName: 'decode' };
    const block = openBlock('test', buffer);
    const writer = new TraceSlots(block, new BlockedThreads(new AtomicsMemory(block.words), block));
    writer.writable = true;
    writer.offer(1, bytes(1));
    using looking = SharedTimeline.attach({ ...names, readonly: true, buffer });
    expect(looking.context.carrier?.offer(2, bytes(2))).toBe(false);
    expect(looking.context.carrier?.read(2)).toBeUndefined();
    expect(looking.context.carrier?.read(1)).toEqual(bytes(1));
    using _writing = SharedTimeline.attach({ ...names, readonly: false, buffer });
    expect(looking.context.carrier?.offer(2, bytes(2))).toBe(true);
  });
});
