import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Heap, type Heaped } from '../src/heap.js';

interface Item extends Heaped {
  readonly key: number;
}

test('a heap gives the first one, whatever was added and removed before', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(20))), (actions) => {
      const heap = new Heap<Item>((one, other) => one.key < other.key);
      const model: Item[] = [];
      for (const [adds, number] of actions) {
        if (adds || model.length === 0) {
          const item = { key: number, place: -1 };
          heap.add(item);
          model.push(item);
        } else {
          const [item] = model.splice(number % model.length, 1) as [Item];
          heap.remove(item);
          heap.remove(item);
          expect(item.place).toBe(-1);
        }
        const least = Math.min(...model.map(({ key }) => key));
        expect(heap.first?.key).toBe(model.length === 0 ? undefined : least);
      }
      expect(new Set(heap.clear())).toEqual(new Set(model));
      expect([heap.first, ...model.map(({ place }) => place)]).toEqual([undefined, ...model.map(() => -1)]);
    }),
  );
});
