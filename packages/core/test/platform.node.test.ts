import { expect, test } from 'vitest';
import { platform, type LongTimer } from '../src/platform.js';

test('a timer in the background keeps no process alive, any other does', () => {
  const timers = [
    platform.setTimer(() => undefined, 60_000, 'background'),
    platform.setTimer(() => undefined, 60_000),
  ];
  expect(timers.map((timer) => ((timer as LongTimer).handle as NodeJS.Timeout).hasRef())).toEqual([
    false,
    true,
  ]);
  for (const timer of timers) platform.clearTimer(timer);
});
