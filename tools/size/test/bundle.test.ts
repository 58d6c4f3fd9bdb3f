import { expect, test } from 'vitest';
import { bundle } from '../src/bundle.ts';

const here = import.meta.dirname;

test('what is not used is shaken off', async () => {
  const { code } = await bundle(here, 'const unused = () => setInterval(() => {}); export const used = 1;');
  expect(code).not.toContain('setInterval');
});

test('a leak shows: in the code by its name, in the bytes by its weight', async () => {
  const clean = await bundle(here, 'export const used = 1;');
  const leaking = await bundle(here, 'globalThis.leak = setInterval(() => {}); export const used = 1;');
  expect(leaking.code).toMatch(/\bsetInterval\b/);
  expect(leaking.bytes).toBeGreaterThan(clean.bytes);
});

test('an import that does not exist is an error', async () => {
  await expect(bundle(here, "export { nothing } from './nowhere.js';")).rejects.toThrow('nowhere.js');
});
