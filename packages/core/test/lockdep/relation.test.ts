import { describe, expect, test } from 'vitest';
import { relate, type Relation } from '../../src/lockdep/relation.js';
import { stack } from './stack.js';

/** What differs from an event that is directly and synchronously there. */
const PLAIN = { async: false, passed: false, direct: false, called: false };

describe('an event is', () => {
  test.each<[string, string, string, Partial<Relation>]>([
    ['inside, in the holder itself', 'hold:1', 'hold:4', { kind: 'inside', key: 'hold', direct: true }],
    [
      'inside, whoever called the holder',
      'hold:1',
      'hold:4 < main:9',
      { kind: 'inside', key: 'hold', direct: true },
    ],
    ['inside, in what it called', 'hold:1', 'read:2 < hold:4', { kind: 'inside', key: 'hold', called: true }],
    [
      'inside, far down in what it called',
      'hold:1',
      'seek:3 < read:2 < hold:4 < main:9',
      { kind: 'inside', key: 'hold', called: true },
    ],
    [
      'inside, in what it awaits',
      'hold:1 < await main:9',
      'read:2 < await hold:4 < await main:9',
      { kind: 'inside', key: 'hold', async: true },
    ],
    [
      'inside, in what is called by what it awaits',
      'hold:1',
      'seek:3 < read:2 < await hold:4',
      { kind: 'inside', key: 'hold', async: true, called: true },
    ],
    [
      'inside, and awaited, in the executor of a promise',
      'hold:1',
      'read:2 | hold:4',
      { kind: 'inside', key: 'hold' },
    ],
    [
      'inside, and awaited, two calls down in the executor of a promise',
      'hold:1',
      'seek:3 < read:2 | hold:4',
      { kind: 'inside', key: 'hold' },
    ],
    [
      'inside, in what it called inside of an executor',
      'hold:1',
      'read:2 < hold:4 | main:9',
      { kind: 'inside', key: 'hold', called: true },
    ],
    [
      'outer, in the caller that the hold was returned to',
      'hold:1 < await main:9',
      'main:12',
      { kind: 'outer', key: 'main', passed: true, direct: true },
    ],
    [
      'outer, in what that caller called',
      'hold:1 < await main:9',
      'read:2 < main:12',
      { kind: 'outer', key: 'main', passed: true, called: true },
    ],
    [
      'outer, in a caller that did not wait',
      'hold:1 < main:9',
      'read:2 < main:12',
      { kind: 'outer', key: 'main', called: true },
    ],
    [
      'outer, at the same place once more, but not awaited',
      'hold:1 < await main:9',
      'read:2 < main:9',
      { kind: 'outer', key: 'main', passed: true, called: true },
    ],
    [
      'outer, awaited at another place',
      'hold:1 < await main:9',
      'read:2 < await main:12',
      { kind: 'outer', key: 'main', async: true, passed: true },
    ],
    [
      'a fork, awaited at the same place',
      'hold:1 < await main:9',
      'read:2 < await main:9',
      { kind: 'fork', key: 'main', async: true, passed: true },
    ],
    [
      'a fork, where the await itself is all that shows',
      'hold:1 < await main:9',
      'await main:9',
      { kind: 'fork', key: 'main', async: true, passed: true, direct: true },
    ],
    [
      'a fork, in one branch with the holder',
      'hold:1 < #0 < await main:9',
      'read:2 < #0 < await main:9',
      { kind: 'fork', key: 'main', async: true, passed: true },
    ],
    [
      'in another branch, right where they meet',
      'hold:1 < #0 < await main:9',
      'read:2 < #1 < await main:9',
      { kind: 'other', key: 'main', async: true, passed: true },
    ],
    [
      'in another branch, of the same code',
      'hold:1 < #0 < await main:9',
      'hold:4 < #1 < await main:9',
      { kind: 'other', key: 'hold', direct: true },
    ],
    [
      'in another branch, far above where they meet',
      'hold:1 < await job:5 < #0 < await main:9',
      'read:2 < await hold:4 < await job:5 < #1 < await main:9',
      { kind: 'other', key: 'hold', async: true },
    ],
    [
      'in another branch, of branches in branches',
      'hold:1 < #0 < await job:5 < #0 < await main:9',
      'hold:1 < #0 < await job:5 < #1 < await main:9',
      { kind: 'other', key: 'hold', direct: true },
    ],
    [
      'inside, where a branch shows on the one side only',
      'hold:1 < #0 < await main:9',
      'hold:4 < await main:9',
      { kind: 'inside', key: 'hold', direct: true },
    ],
    [
      'inside, where callers differ before branches do',
      'hold:1 < await job:5 < #0',
      'hold:4 < await work:6 < #1',
      { kind: 'inside', key: 'hold', direct: true },
    ],
    [
      'told by functions, never by branches that look alike',
      '#0 < await main:9',
      '#0 < await work:6',
      { kind: 'none', key: undefined },
    ],
    ['none, where nothing is in common', 'hold:1 < main:9', 'read:2', { kind: 'none', key: undefined }],
    ['none, where nothing shows', 'hold:1', '', { kind: 'none', key: undefined }],
  ])('%s', (_, holder, event, relation) => {
    expect(relate(stack(holder), stack(event))).toEqual({ ...PLAIN, ...relation });
  });
});
