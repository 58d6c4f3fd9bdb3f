import { expect, it } from 'vitest';
import { Watchdog } from '../../src/engine/watchdog.ts';
import { FakeClock } from '../support/fake-clock.ts';

it('barks once when a job is not done in time, and says how long that was', () => {
  const clock = new FakeClock();
  const barks: number[] = [];
  const dog = new Watchdog(clock, (ms) => barks.push(ms));
  dog.watch(100);
  clock.advance(99);
  expect(barks).toEqual([]);
  clock.advance(1);
  clock.advance(1000);
  expect(barks).toEqual([100]);
  expect(clock.timers).toBe(0);
});

it('does not bark at a job that was done in time', () => {
  const clock = new FakeClock();
  const barks: number[] = [];
  const dog = new Watchdog(clock, (ms) => barks.push(ms));
  dog.watch(100);
  clock.advance(50);
  dog.rest();
  clock.advance(1000);
  expect(barks).toEqual([]);
});

it('gives each job its own time', () => {
  const clock = new FakeClock();
  const barks: number[] = [];
  const dog = new Watchdog(clock, (ms) => barks.push(ms));
  dog.watch(100);
  clock.advance(90);
  dog.watch(100);
  clock.advance(90);
  expect(barks).toEqual([]);
  expect(clock.timers).toBe(1);
});

it('may be set again from its own bark', () => {
  const clock = new FakeClock();
  let barks = 0;
  const dog: Watchdog = new Watchdog(clock, () => {
    barks += 1;
    if (barks < 3) dog.watch(10);
  });
  dog.watch(10);
  clock.advance(100);
  expect(barks).toBe(3);
});

it('leaves no timer behind when it rests', () => {
  const clock = new FakeClock();
  const dog = new Watchdog(clock, () => undefined);
  dog.watch(10);
  dog.rest();
  expect(clock.timers).toBe(0);
});
