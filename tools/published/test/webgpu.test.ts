import { join } from 'node:path';
import { crashGpuProcess } from '@dma-fence/webgpu/testing';
import { type Browser, chromium } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../../../scripts/workspace.js';
import { chromiumExecutable, GPU, swiftShader } from '../src/chromium.ts';
import { firefoxExecutable, openFirefox } from '../src/firefox.ts';
import { bundleForBrowser, type GpuServer, PAGE, serveModules, WORKER_PAGE } from '../src/gpu-page.ts';
import { runSuite } from '../src/suite.ts';
import { NODES, nodeExecutable } from '../src/toolbox.ts';
import type { Result } from '../webgpu/little-vitest.ts';

/*
 * The suite of `@dma-fence/webgpu` where data is really computed: `npm test` runs it on a device that executes nothing.
 */

const webgpu = join(root, 'packages', 'webgpu');

describe('on SwiftShader', () => {
  test.each(NODES)('the suite passes under Node %s', async (version) => {
    const env = { ...swiftShader(), GPU_BACKEND: 'native' };
    expect(await runSuite(nodeExecutable(version), webgpu, ['test/gpu'], env)).toMatchObject({ failed: 0 });
  });

  test('a bug that is planted in the bytes is found by the test of its rule', async () => {
    const env = { ...swiftShader(), GPU_BACKEND: 'native', TEST_DIST: '' };
    const args = ['test/planted.test.ts', '-t', 'planted in the bytes'];
    expect(await runSuite(process.execPath, webgpu, args, env)).toMatchObject({ passed: 2, failed: 0 });
  });
});

let server: GpuServer;

beforeAll(async () => {
  const names = ['suite', 'three', 'canvas', 'canvas-worker', 'loss'];
  const modules = await Promise.all(
    names.map(async (name) => [`/${name}.js`, await bundleForBrowser(`${name}.ts`)] as const),
  );
  server = await serveModules({
    ...Object.fromEntries(modules),
    ...Object.fromEntries(names.map((name) => [`/${name}`, PAGE(`/${name}.js`)])),
    '/page': PAGE('/suite.js'),
    '/worker': WORKER_PAGE('/suite.js'),
  });
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

/** All passed, and most were run. */
function expectGreen(report: unknown): void {
  const results = report as Result[];
  expect(results.filter(({ state }) => state === 'failed')).toEqual([]);
  expect(results.filter(({ state }) => state === 'passed').length).toBeGreaterThan(100);
}

describe('in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumExecutable(), args: GPU });
  });
  afterAll(async () => {
    await browser.close();
  });

  /** Opens a page, and answers with what it reports. */
  async function report(path: string): Promise<unknown> {
    const page = await browser.newPage();
    await page.goto(`${server.url}/${path}`);
    const result = await server.report();
    await page.close();
    return result;
  }

  test.each(['page', 'worker'])('the suite passes in a %s', async (kind) => {
    expectGreen(await report(kind));
  });

  test('three.js, unmodified and adopted: the frame with a destroyed buffer fails, no other', async () => {
    const { frames, uncaptured, submitted } = (await report('three')) as {
      frames: string[][];
      uncaptured: string[];
      submitted: number;
    };
    expect(frames).toHaveLength(39);
    expect(submitted).toBe(frames.flat().length);
    const bad = frames.map((seen) => seen.some((text) => text !== 'signaled'));
    expect(bad.flatMap((is, index) => (is ? [index + 1] : []))).toEqual([20]);
    expect(frames[19]?.join()).toContain('destroyed');
    expect(uncaptured).toEqual([]);
  });

  test('a page learns by a shared timeline which frames of a worker’s canvas the GPU has done', async () => {
    const expected = Array.from({ length: 30 }, (_, index) => (index === 9 ? 'EINVAL' : 'signaled'));
    expect(await report('canvas')).toEqual(expected);
  });

  test('a GPU process that dies ends everything with ENODEV, and nothing is rejected unhandled', async () => {
    const page = await browser.newPage();
    await page.goto(`${server.url}/loss`);
    expect(await server.report()).toBe('ready');
    await crashGpuProcess(page);
    const numbers = Array.from({ length: 20 }, (_, index) => index + 1);
    expect(await server.report()).toEqual({
      ended: ['ENODEV', 'ENODEV', 'ENODEV', 'ENODEV'],
      statuses: numbers.map(() => 'ENODEV'),
      order: numbers,
      later: 'ENODEV',
      reason: 'unknown',
      retired: true,
      faults: [],
    });
    await page.close();
  });
});

describe('in Firefox', () => {
  const firefox = firefoxExecutable();

  test.skipIf(firefox === undefined)(
    'the suite passes in a page (left out where there is no Firefox: Debian’s firefox-esr and mesa-vulkan-drivers, or FIREFOX_PATH)',
    async () => {
      using _browser = openFirefox(String(firefox), `${server.url}/page`);
      expectGreen(await server.report());
    },
  );
});
