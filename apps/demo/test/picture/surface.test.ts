import { describe, expect, it } from 'vitest';
import { allocateSurface, bandsOf, pixelsOf } from '../../src/picture/surface.ts';

describe('bandsOf', () => {
  it.each([
    [10, 3],
    [7, 7],
    [2, 5],
    [1, 1],
    [1000, 16],
  ])('cuts %i rows into %i bands that cover each row once', (height, count) => {
    const bands = bandsOf(height, count);
    expect(bands).toHaveLength(Math.min(height, count));
    expect(bands[0]?.top).toBe(0);
    expect(bands.at(-1)?.bottom).toBe(height);
    for (const [index, band] of bands.entries()) {
      expect(band.bottom).toBeGreaterThan(band.top);
      if (index > 0) expect(band.top).toBe(bands[index - 1]?.bottom);
    }
  });
});

describe('pixelsOf', () => {
  it('cuts views to the picture, in memory that all views share', () => {
    const shared = allocateSurface(100);
    const small = pixelsOf(shared, { width: 3, height: 2 });
    expect(small.source).toHaveLength(24);
    expect(small.edges).toHaveLength(6);
    small.ping[5] = 7;
    expect(pixelsOf(shared, { width: 10, height: 10 }).ping[5]).toBe(7);
  });
});
