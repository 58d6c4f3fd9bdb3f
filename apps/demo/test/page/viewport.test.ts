import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ticks, timeText, Viewport } from '../../src/page/viewport.ts';

function viewport(durationMs = 1000): Viewport {
  const view = new Viewport(durationMs);
  view.resize(100, 800, 300, 900);
  view.fit();
  return view;
}

describe('Viewport', () => {
  it('shows the whole recording at first', () => {
    const view = viewport();
    expect(view.from).toBeLessThanOrEqual(0);
    expect(view.to).toBeGreaterThanOrEqual(1000);
  });

  it('zooming keeps what is under the pointer there', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 300, max: 700 }),
        fc.double({ min: 1.01, max: 50, noNaN: true }),
        (x, factor) => {
          const view = viewport();
          const time = view.timeAt(x);
          view.zoom(factor, x);
          expect(view.xOf(time)).toBeCloseTo(x, 3);
        },
      ),
    );
  });

  it('never leaves the recording by more than a margin, nor shows less than a microsecond', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.record({ pan: fc.integer({ min: -9999, max: 9999 }) }),
            fc.record({ zoom: fc.double({ min: 0.01, max: 100, noNaN: true }) }),
          ),
        ),
        (moves) => {
          const view = viewport();
          for (const move of moves) {
            if ('pan' in move) view.pan(move.pan);
            else view.zoom(move.zoom);
            expect(view.span).toBeGreaterThanOrEqual(0.001);
            expect(view.span).toBeLessThanOrEqual(1100.001);
            expect(view.from).toBeGreaterThanOrEqual(-60);
            expect(view.to).toBeLessThanOrEqual(1060);
          }
        },
      ),
    );
  });

  it('scrolls over the lanes and no farther', () => {
    const view = viewport();
    view.scrollBy(10_000);
    expect(view.scroll).toBe(600);
    view.scrollBy(-10_000);
    expect(view.scroll).toBe(0);
    view.resize(100, 800, 2000, 900);
    view.scrollBy(50);
    expect(view.scroll).toBe(0);
  });

  it('brings into view what is outside, and enlarges what is too small to be seen', () => {
    const view = viewport();
    view.zoom(10, 100);
    view.reveal(900, 905);
    expect(view.from).toBeLessThan(900);
    expect(view.to).toBeGreaterThan(905);
    view.fit();
    view.reveal(500, 500.01);
    expect(0.01 * view.scale).toBeGreaterThanOrEqual(6);
    view.revealRows(700, 760);
    expect(view.scroll).toBe(460);
    view.revealRows(20, 40);
    expect(view.scroll).toBe(20);
  });
});

describe('ticks', () => {
  it('are round, in order, inside, and no more than asked for', () => {
    expect(ticks(0, 10, 5)).toEqual([0, 2, 4, 6, 8, 10]);
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.double({ min: 0.001, max: 1e6, noNaN: true }),
        fc.integer({ min: 1, max: 30 }),
        (from, span, most) => {
          const marks = ticks(from, from + span, most);
          expect(marks.length).toBeLessThanOrEqual(most + 1);
          expect(marks).toEqual([...marks].sort((a, b) => a - b));
        },
      ),
    );
  });
});

describe('timeText', () => {
  it.each([
    [0, undefined, '0 ms'],
    [0, 5000, '0 s'],
    [1250, undefined, '1.25 s'],
    [12.5, undefined, '12.5 ms'],
    [0.34, undefined, '340 µs'],
    [8800, 20, '8.80 s'],
    [1500, 500, '1.5 s'],
    [40, 10, '40 ms'],
  ])('%d ms in steps of %s is %s', (ms, step, text) => {
    expect(timeText(ms, step)).toBe(text);
  });
});
