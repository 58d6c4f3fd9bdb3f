import { describe, expect, it } from 'vitest';
import { Naming } from '../../../src/analysis/state/naming.js';
import { TrackedMap, type Tracking } from '../../../src/analysis/state/tracked-map.js';

const tracking: Tracking<string, string> = {
  text: (path, object) => `${path}>${object}`,
  note: (naming, _, object, sign) => {
    naming.noteObject(object, sign);
  },
};

function mapOf(...entries: [string, string][]): { map: TrackedMap<string, string>; naming: Naming } {
  const naming = new Naming();
  const map = new TrackedMap(tracking, naming);
  for (const [key, value] of entries) map.set(key, value);
  return { map, naming };
}

describe('a tracked map', () => {
  it('has one digest for equal contents, whatever came first', () => {
    const { map } = mapOf(['a', '1'], ['b', '2']);
    expect(map.digest).toBe(mapOf(['b', '2'], ['a', '1']).map.digest);
    map.set('b', '3');
    expect(map.digest).not.toBe(mapOf(['b', '2'], ['a', '1']).map.digest);
    map.delete('b');
    expect(map.digest).toBe(mapOf(['a', '1']).map.digest);
    map.delete('a');
    expect(map.digest).toBe(0);
  });

  it('tells texts apart that differ in their order alone', () => {
    expect(mapOf(['a', '12']).map.digest).not.toBe(mapOf(['a', '21']).map.digest);
    expect(mapOf(['a', '1'], ['b', '2']).map.digest).not.toBe(mapOf(['a', '2'], ['b', '1']).map.digest);
  });

  it('keeps the account of who leads where, for itself and not for its clones', () => {
    const { map, naming } = mapOf(['a', 'x'], ['b', 'x']);
    const apart = new Naming(naming);
    const clone = new TrackedMap(tracking, apart, map);
    map.delete('a');
    expect(naming.isNamed('x')).toBe(true);
    map.set('b', 'y');
    expect(naming.isNamed('x')).toBe(false);
    expect([...naming.takeChanged()]).toEqual(['x']);
    expect([...naming.takeChanged()]).toEqual([]);
    expect(apart.isNamed('x')).toBe(true);
    expect(clone.get('a')).toBe('x');
  });
});
