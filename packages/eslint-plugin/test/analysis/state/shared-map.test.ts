import { describe, expect, it } from 'vitest';
import { SharedMap } from '../../../src/analysis/state/shared-map.js';

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

  it('keeps the order in which keys came, whatever was written to clones', () => {
    let map = new SharedMap<number, number>();
    const model = new Map<number, number>();
    for (let turn = 0; turn < 400; turn += 1) {
      const key = (turn * 7) % 90;
      if (turn % 3 === 0) {
        const stale = map;
        map = new SharedMap(map);
        stale.set(key, -1);
        stale.set(-turn, -1);
      }
      if (model.has(key) || turn % 5 !== 0) {
        map.set(key, turn);
        model.set(key, turn);
      }
    }
    expect([...map]).toEqual([...model]);
    expect(map.size).toBe(model.size);
  });

  it('shows an iteration what is written meanwhile', () => {
    const map = new SharedMap<number, number>();
    for (let key = 0; key < 20; key += 1) map.set(key, key);
    const clone = new SharedMap(map);
    const seen: number[] = [];
    for (const [key, value] of clone) {
      seen.push(value);
      if (key === 0) {
        clone.delete(1);
        clone.set(2, 200);
        expect(new SharedMap(clone).size).toBe(19);
        clone.set(20, 20);
      }
    }
    expect(seen).toEqual([0, 200, ...Array.from({ length: 18 }, (_, index) => index + 3)]);
  });

  it('tells under which keys two clones may differ', () => {
    const map = new SharedMap<string, number>();
    map.set('a', 1);
    const clone = new SharedMap(map);
    expect([...clone.differing(map)]).toEqual([]);
    clone.set('b', 2);
    expect([...map.differing(clone)]).toContain('b');
  });
});
