import { expect, it } from 'vitest';
import { disturbanceOf, type Lap } from '../../src/pipeline/disturbance.ts';

const laps = (...times: number[]): Lap[] => times.map((wallMs) => ({ wallMs, cpuMs: wallMs }));

it('laps that had the processor, and whose best two agree, can be compared', () => {
  expect(disturbanceOf(laps(300, 102, 100), laps(90, 61, 60))).toBeUndefined();
});

it('a best lap that shared the processor is no measure', () => {
  expect(disturbanceOf([{ wallMs: 100, cpuMs: 45 }, ...laps(120)], laps(60, 60))).toBe(
    'other work on this machine left 45 % of a processor to one engine',
  );
});

it.each([
  [laps(100, 180), laps(60, 60)],
  [laps(100, 100), laps(108, 60)],
])('nor is a best lap that no other comes near', (one, all) => {
  expect(disturbanceOf(one, all)).toBe('rounds of the same work took up to 1.8 times as long as the best');
});
