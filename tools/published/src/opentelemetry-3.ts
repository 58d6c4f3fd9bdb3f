import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../../scripts/workspace.js';
import { command } from './command.ts';

/** OpenTelemetry's API 1.10 and SDK 3, which want Node 22 and exclude the API that SDK 2 wants. */
const OPENTELEMETRY_3 = {
  api: '1.10.0',
  'context-async-hooks': '3.1.1',
  core: '3.1.1',
  'exporter-metrics-otlp-http': '0.301.0',
  'exporter-trace-otlp-http': '0.301.0',
  'exporter-trace-otlp-proto': '0.301.0',
  instrumentation: '0.301.0',
  resources: '3.1.1',
  'sdk-metrics': '3.1.1',
  'sdk-trace': '3.1.1',
};

/** What the suite needs beside OpenTelemetry, as the workspace has it. */
const SHARED = ['@dma-fence/core', 'otlp-definitions', 'vitest'];

/**
 * Lays out the suite of `@dma-fence/otel` far from the workspace, with the newest OpenTelemetry around it.
 *
 * @returns the folder that holds all of it, and in it the one to run vitest in
 */
export async function layOutWithOpenTelemetry3(): Promise<{ scratch: string; suite: string }> {
  const scratch = mkdtempSync(join(realpathSync(tmpdir()), 'opentelemetry-3-'));
  const from = join(root, 'packages', 'otel');
  const home = join(scratch, 'packages', 'otel');
  for (const part of ['scripts', 'vitest.shared.ts'])
    cpSync(join(root, part), join(scratch, part), { recursive: true });
  for (const part of ['src', 'dist', 'test', 'vitest.config.ts', 'README.md', 'package.json']) {
    cpSync(join(from, part), join(home, part), { recursive: true });
  }
  // Runs the guides as they are written: for SDK 2.
  for (const guide of ['guide.test.ts', 'dashboard.test.ts']) rmSync(join(home, 'test', guide));
  const dependencies = Object.fromEntries(
    Object.entries(OPENTELEMETRY_3).map(([name, version]) => [`@opentelemetry/${name}`, version]),
  );
  writeFileSync(
    join(scratch, 'package.json'),
    JSON.stringify({ private: true, type: 'module', dependencies }),
  );
  await command(
    'npm',
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'],
    { cwd: scratch },
  );
  mkdirSync(join(scratch, 'node_modules', '@dma-fence'));
  for (const name of SHARED) {
    symlinkSync(realpathSync(join(from, 'node_modules', name)), join(scratch, 'node_modules', name));
  }
  return { scratch, suite: home };
}
