import { describe, expect, test } from 'vitest';
import { NOTE_SLOTS, NOTE_WORDS } from '../../src/shared/block.js';
import { ClassNotes } from '../../src/shared/class-notes.js';

/** Two threads' sides of one room. */
function room(): { words: Int32Array; here: ClassNotes; there: ClassNotes } {
  const words = new Int32Array(new SharedArrayBuffer((1 + NOTE_SLOTS * NOTE_WORDS) * 4));
  const side = (): ClassNotes => {
    const notes = new ClassNotes({ words, notesAt: 0 });
    notes.writable = true;
    return notes;
  };
  return { words, here: side(), there: side() };
}

const texts = (notes: ClassNotes): string[] => [...notes.read()].map(({ text }) => text);

describe('what validators leave for each other', () => {
  test('is found by every thread, in the order in which it was left', () => {
    const { here, there } = room();
    expect([here.leave('one'), there.leave('zwei')]).toEqual([0, 1]);
    expect(texts(here)).toEqual(['one', 'zwei']);
    expect(texts(there)).toEqual(['one', 'zwei']);
  });

  test('is refused where there is no room any more, or never was as much', () => {
    const { here } = room();
    expect(here.leave('x'.repeat(4 * NOTE_WORDS))).toBeUndefined();
    for (let i = 0; i < NOTE_SLOTS; i++) expect(here.leave(String(i))).toBe(i);
    expect(here.leave('more')).toBeUndefined();
    expect(here.leave('more')).toBeUndefined();
    expect(texts(here)).toHaveLength(NOTE_SLOTS);
  });

  test('is refused where the timeline is read-only', () => {
    const { here, words } = room();
    here.writable = false;
    expect(here.leave('one')).toBeUndefined();
    expect(words.every((word) => word === 0)).toBe(true);
  });

  test('is put together with another note by one thread only', () => {
    const { here, there } = room();
    here.leave('one');
    there.leave('two');
    expect([there.claim(1, 0), here.claim(0, 1), there.claim(1, 0)]).toEqual([true, false, false]);
  });

  test('is not believed where the buffer holds anything else', () => {
    const { here, words } = room();
    here.leave('one');
    const [state, length, check, bytes] = [1, 2, 3, 5] as const;
    for (const [at, value] of [
      [state, 0],
      [length, -1],
      [length, 2 ** 30],
      [length, 2],
      [check, 0],
      [bytes, 0],
    ] as const) {
      const before = words[at] as number;
      words[at] = value;
      expect(texts(here)).toEqual([]);
      words[at] = before;
    }
    expect(texts(here)).toEqual(['one']);
  });
});
