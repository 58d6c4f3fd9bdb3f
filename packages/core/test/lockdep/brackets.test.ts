import type { DmaFence, SignallingSection } from '@dma-fence/core';
import { expect, test } from 'vitest';
import { Brackets, type OpenCall, type OpenSection } from '../../src/lockdep/brackets.js';

const sectionNamed = (name: string): OpenSection => ({
  section: { name } as unknown as SignallingSection,
  began: undefined,
});
const call = (): OpenCall => ({ section: undefined, fence: {} as DmaFence, what: 'callback' });

function opened(...open: (OpenSection | OpenCall)[]): Brackets {
  const brackets = new Brackets();
  for (const bracket of open) brackets.push(bracket);
  return brackets;
}

test('the innermost bracket is the one that was opened last; of none, undefined', () => {
  const [outer, inner] = [sectionNamed('outer'), call()];
  expect(opened().innermost).toBeUndefined();
  expect(opened(outer, inner).innermost).toBe(inner);
  expect(opened(inner, outer).innermost).toBe(outer);
});

test('the call is the innermost one, whatever sections it has begun', () => {
  const [outer, inner] = [call(), call()];
  expect(opened().call).toBeUndefined();
  expect(opened(sectionNamed('free')).call).toBeUndefined();
  expect(opened(outer, inner, sectionNamed('free')).call).toBe(inner);
});

test('leaving a call leaves the innermost, and keeps sections that it left open', () => {
  const [outer, inner, left] = [call(), call(), sectionNamed('left')];
  const brackets = opened(outer, inner, left);
  brackets.leave();
  expect(brackets.call).toBe(outer);
  expect(brackets.innermost).toBe(left);
  expect(brackets.clear()).toEqual([left]);

  const plain = opened(left, outer, inner);
  plain.leave();
  expect(plain.innermost).toBe(outer);
});

test('ending a section tells which one is open inside of it', () => {
  const [outer, middle, inner] = [sectionNamed('outer'), sectionNamed('middle'), sectionNamed('inner')];
  const brackets = opened(outer, call(), middle, inner);
  expect(brackets.end(outer.section)).toEqual({ ended: outer, inner: middle });
  expect(brackets.end(inner.section)).toEqual({ ended: inner, inner: undefined });
  expect(brackets.end(inner.section)).toBeUndefined();
  expect(brackets.clear()).toEqual([middle]);
});

test('a section that is not open is not ended, and nothing else is', () => {
  const open = sectionNamed('open');
  const brackets = opened(open);
  expect(brackets.end(sectionNamed('other').section)).toBeUndefined();
  expect(brackets.innermost).toBe(open);
});

test('the end of a turn takes out everything and answers the sections', () => {
  const [outer, inner] = [sectionNamed('outer'), sectionNamed('inner')];
  const brackets = opened(outer, call(), inner);
  expect(brackets.clear()).toEqual([outer, inner]);
  expect(brackets.innermost).toBeUndefined();
  expect(brackets.clear()).toEqual([]);
});
