import { defineConfig, mergeConfig } from 'vitest/config';
import { suite } from '../../vitest.shared.ts';

// A missing or changed report is a failure; only `-u` writes one.
export default mergeConfig(suite('api'), defineConfig({ test: { update: 'none' } }));
