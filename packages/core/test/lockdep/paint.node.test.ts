import { expect, test } from 'vitest';
import { paint, wantsColour } from '../../src/lockdep/paint.js';

const tty = { isTTY: true };

test.each([
  ['a terminal', { env: {}, stderr: tty }, true],
  ['a file', { env: {}, stderr: {} }, false],
  ['a terminal that cannot', { env: { TERM: 'dumb' }, stderr: tty }, false],
  ['a person who wants none', { env: { NO_COLOR: '1' }, stderr: tty }, false],
  ['nobody who said anything', { env: { NO_COLOR: '', FORCE_COLOR: '' }, stderr: tty }, true],
  ['a pipe that asks for it', { env: { FORCE_COLOR: '1' }, stderr: {} }, true],
  ['a terminal that refuses', { env: { FORCE_COLOR: '0' }, stderr: tty }, false],
])('%s', (_name, process, answer) => {
  expect(wantsColour({ process })).toBe(answer);
});

test('a platform without a process has no terminal', () => {
  expect(wantsColour({})).toBe(false);
});

test('title, cycle, stacks and advice are told apart; without its colours it is the same text', () => {
  const text = [
    'lockdep: possible deadlock: lock "a" is',
    '  held',
    '',
    '    ┌─▶ lock "a"',
    '    └─────┘',
    '',
    '  (1) lock "a" was taken',
    '        at load (app.js:1:2)',
    '',
    '  What to change: release it',
    '    at once.',
  ].join('\n');
  const painted = paint(text);
  expect(painted.replaceAll(/\u001b\[\d+m/g, '')).toBe(text);
  expect(painted.replaceAll('\u001b', '^')).toBe(
    [
      '^[1m^[31mlockdep: possible deadlock: lock "a" is^[0m',
      '^[1m^[31m  held^[0m',
      '',
      '^[36m    ┌─▶ lock "a"^[0m',
      '^[36m    └─────┘^[0m',
      '',
      '  (1) lock "a" was taken',
      '^[2m        at load (app.js:1:2)^[0m',
      '',
      '  ^[1mWhat to change:^[0m release it',
      '    at once.',
    ].join('\n'),
  );
});
