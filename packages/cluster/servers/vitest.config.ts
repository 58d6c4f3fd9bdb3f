import { defineConfig } from 'vitest/config';
import { suite } from '../../../vitest.shared.ts';

const { test, ...settings } = suite('cluster, servers');

// Real servers, started by the tests on loopback: a slower leg than `npm test`, which needs none.
export default defineConfig({
  ...settings,
  test: { ...test, include: ['servers/*.test.ts'], fileParallelism: false },
});
