import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { publishedPackages } from '../../../scripts/workspace.js';
import { layOutWithOpenTelemetry3 } from '../src/opentelemetry-3.ts';
import { runSuite } from '../src/suite.ts';
import { NODES, nodeExecutable } from '../src/toolbox.ts';

const home = fileURLToPath(new URL('..', import.meta.url));

const GREEN = {
  passed: expect.toSatisfy((passed: number) => passed > 0) as number,
  failed: 0,
  skipped: expect.any(Number) as number,
};

describe.each(publishedPackages('@dma-fence/published'))(
  'the suite of $manifest.name passes on dist',
  ({ folder }) => {
    test.each(NODES)('under Node %s', async (version) => {
      expect(await runSuite(nodeExecutable(version), folder)).toEqual(GREEN);
    });
  },
);

describe('the suite of @dma-fence/otel passes with OpenTelemetry SDK 3', async () => {
  const { scratch, suite } = await layOutWithOpenTelemetry3();
  afterAll(() => {
    rmSync(scratch, { recursive: true });
  });

  test.each(NODES.filter((version) => Number.parseInt(version) >= 22))('under Node %s', async (version) => {
    expect(await runSuite(nodeExecutable(version), suite)).toEqual(GREEN);
  });
});

test('the suite of @dma-fence/core passes on dist in Chromium, and a worker there loads it', async () => {
  expect(await runSuite(process.execPath, home, ['--config', 'browser/vitest.config.ts'])).toEqual(GREEN);
});
