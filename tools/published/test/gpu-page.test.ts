import { chromium, type Browser, type Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveGpuPage } from '../../../apps/demo/src/gpu/server.ts';
import { chromiumExecutable, GPU } from '../src/chromium.ts';

/*
 * The page of `npm run gpu` in a browser with a GPU in software. Its scripts are those that `npm test` has built.
 */

let browser: Browser;
let server: Awaited<ReturnType<typeof serveGpuPage>>;

beforeAll(async () => {
  server = await serveGpuPage(0);
  browser = await chromium.launch({ executablePath: chromiumExecutable(), args: GPU });
});

afterAll(async () => {
  await browser.close();
  await server[Symbol.asyncDispose]();
});

/** Opens it, and waits until frames have been finished. */
async function open(width: number): Promise<{ page: Page; faults: string[] }> {
  const page = await browser.newPage({ viewport: { width, height: 844 } });
  const faults: string[] = [];
  page.on('pageerror', ({ message }) => faults.push(message));
  page.on('request', (request) => {
    if (!request.url().startsWith(server.url) && !request.url().startsWith('data:'))
      faults.push(request.url());
  });
  await page.goto(server.url);
  await page.waitForFunction(() => Number(document.querySelector('#finished')?.textContent) > 5);
  return { page, faults };
}

test('a broken submit is told with the error of the GPU, and the frames go on', async () => {
  const { page, faults } = await open(1280);
  await page.click('#break');
  await page.getByText('EINVAL: gpu:page:').waitFor();
  await page.waitForFunction(() => document.querySelector('#failed')?.textContent === '1');
  const before = Number(await page.locator('#finished').textContent());
  await page.waitForFunction(
    (count) => Number(document.querySelector('#finished')?.textContent) > count,
    before,
  );
  expect(await page.locator('#age').textContent()).toMatch(/^[\d.]+ ms$/);
  expect(faults).toEqual([]);
  await page.close();
});

test('paced there are never more than two frames on the GPU; without it there are', async () => {
  const { page } = await open(1280);
  expect(Number(await page.locator('#in-flight').textContent())).toBeLessThanOrEqual(2);
  await page.locator('#load').fill('6');
  await page.uncheck('#pacing');
  await page.waitForFunction(() => Number(document.querySelector('#in-flight')?.textContent) > 2);
  await page.close();
});

test('without fences nobody is told of a broken submit', async () => {
  const { page } = await open(1280);
  await page.uncheck('#fences');
  await page.waitForFunction(() => Number(document.querySelector('#finished')?.textContent) > 5);
  await page.click('#break');
  await page.getByText('nobody is told').waitFor();
  expect(await page.locator('#failed').textContent()).toBe('0');
  await page.close();
});

test('a lost device is told, and a new one goes on', async () => {
  const { page, faults } = await open(1280);
  await page.click('#lose');
  await page.getByText('ENODEV: gpu:page:').waitFor();
  await page.getByRole('button', { name: 'Get a new device' }).click();
  await page.getByText('Each submit has a fence').waitFor();
  await page.waitForFunction(() => Number(document.querySelector('#finished')?.textContent) > 5);
  expect(faults).toEqual([]);
  await page.close();
});

test('on a phone nothing is wider than the screen', async () => {
  const { page } = await open(390);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await page.close();
});
