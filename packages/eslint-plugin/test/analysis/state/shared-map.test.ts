import { describe, expect, it } from 'vitest';
import { SharedMap } from '../../../src/analysis/state/shared-map.js';

const text = (key: string, value: number): string => `${key}=${String(value)}`;

describe('a shared map', () => {
  it('keeps what its clone writes, and what is written to it, apart', () => {
    const first = new SharedMap<string, number>();
    first.set('a', 1);
    const second = new SharedMap(first);
    second.set('b', 2);
    first.delete('a');
    expect([...first]).toEqual([]);
    expect([...second]).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });

  it('has one key for equal contents, whatever came first, and another after each write', () => {
    const first = new SharedMap<string, number>();
    first.set('b', 2);
    first.set('a', 1);
    const second = new SharedMap<string, number>();
    second.set('a', 1);
    second.set('b', 2);
    expect(first.key(text)).toBe(second.key(text));
    second.set('b', 3);
    expect(first.key(text)).not.toBe(second.key(text));
  });
});
