import { describe, expect, it } from 'vitest';
import { Chaos, type Strike } from '../../src/engine/chaos.ts';

function strikes(seed: number, frames = 200): (Strike | undefined)[] {
  const chaos = new Chaos(seed);
  return Array.from({ length: frames }, (_, frame) => chaos.strike(frame, 0, 10));
}

describe('Chaos', () => {
  it('does the same again for the same seed, whatever is asked first', () => {
    expect(strikes(7)).toEqual(strikes(7));
    const chaos = new Chaos(7);
    chaos.strike(5, 1, 10);
    expect(chaos.strike(3, 0, 10)).toEqual(strikes(7)[3]);
  });

  it('does something else for another seed', () => {
    expect(strikes(7)).not.toEqual(strikes(8));
  });

  it.each([0, 1, 7, 2 ** 32 - 1])(
    'seed %i: strikes the first frame, about half of the others, and every job in every way',
    (seed) => {
      const all = strikes(seed).filter((strike) => strike !== undefined);
      expect(strikes(seed)[0]).toBeDefined();
      expect(all.length).toBeGreaterThan(80);
      expect(all.length).toBeLessThan(160);
      expect(new Set(all.map(({ mischief }) => mischief))).toEqual(new Set(['hang', 'die', 'throw']));
      expect(new Set(all.map(({ job }) => job)).size).toBe(10);
    },
  );

  it('leaves a frame alone after its second try, so that a run ends', () => {
    for (let seed = 0; seed < 50; seed += 1)
      for (let attempt = 2; attempt < 6; attempt += 1)
        expect(new Chaos(seed).strike(0, attempt, 10)).toBeUndefined();
  });
});
