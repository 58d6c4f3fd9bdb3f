import { expect, test, vi } from 'vitest';
import { isOpen } from '../support.js';

test('a platform without setImmediate takes its trips around the event loop by messages', async () => {
  vi.stubGlobal('setImmediate', undefined);
  vi.resetModules();
  const { nextTurn } = await import('../../src/testing/real-time.js');
  vi.unstubAllGlobals();
  const turn = nextTurn();
  expect(await isOpen(turn)).toBe(true);
  await turn;
});
