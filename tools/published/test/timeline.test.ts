import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { largeRecording, recordingOf } from '../../../apps/demo/test/support/recording.ts';
import { timelinePage } from '../../../apps/demo/src/trace/timeline-page.ts';
import { chromiumExecutable, QUIET } from '../src/chromium.ts';

/*
 * The demo's `timeline.html` in a real browser, opened from the disk and without a network, as people open it.
 * Its scripts are those that `npm test` has built.
 */

const SMALL = recordingOf(
  [
    { queued: 0, started: 10, ended: 40, signaled: 40, label: 'scene-01 upload' },
    {
      queued: 0,
      started: 40,
      ended: 60,
      signaled: 61,
      label: 'scene-01 edges',
      dependsOn: [0],
      error: 'ETIME: it hung',
    },
    { lane: 1, queued: 5, started: 61, label: 'scene-01 tone', dependsOn: [1] },
  ],
  [[2, 20, null]],
);

let folder: string;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'timeline-page-'));
  browser = await chromium.launch({ executablePath: chromiumExecutable(), args: QUIET });
});

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(
  data: typeof SMALL,
  options: Parameters<Browser['newPage']>[0] = {},
): Promise<{ page: Page; faults: string[] }> {
  const file = join(folder, `${String(data.fences.name.length)}.html`);
  await writeFile(file, await timelinePage(data));
  const page = await browser.newPage({ viewport: { width: 1000, height: 600 }, offline: true, ...options });
  const faults: string[] = [];
  page.on('pageerror', ({ message }) => faults.push(message));
  page.on('console', (message) => faults.push(message.text()));
  await page.goto(pathToFileURL(file).href);
  await page.getByText('fences on').waitFor();
  return { page, faults };
}

/** How many colours the canvas shows: one where nothing was drawn. */
function colours(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.querySelector('canvas');
    const image = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(image?.data.buffer ?? new ArrayBuffer(0))).size;
  });
}

/** How many points of the canvas have a strong colour, as bars have and faded ones have not. */
function strong(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.querySelector('canvas');
    const image = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    let count = 0;
    for (let at = 0; at < image.length; at += 4) {
      const point = [image[at] ?? 0, image[at + 1] ?? 0, image[at + 2] ?? 0];
      const opacity = (image[at + 3] ?? 0) / 255;
      if ((Math.max(...point) - Math.min(...point)) * opacity > 60) count += 1;
    }
    return count;
  });
}

describe('the timeline page', () => {
  it('has a legend, and a search fades what it does not find', async () => {
    const { page } = await open(SMALL);
    expect(await page.getByRole('list', { name: 'Legend' }).getByRole('listitem').count()).toBe(7);
    const before = await strong(page);
    await page.keyboard.press('/');
    await page.keyboard.type('nothing of that name');
    await page.waitForTimeout(100);
    expect(await strong(page)).toBeLessThan(before / 4);
    await page.close();
  });

  it('says what is in it, draws it, and complains of nothing', async () => {
    const { page, faults } = await open(SMALL);
    expect(await page.title()).toBe('made up: fence timeline');
    expect(await page.locator('#counts').textContent()).toBe(
      '3 fences on 2 timelines in 100 ms, 1 failed, 1 pending at the end',
    );
    expect(await colours(page)).toBeGreaterThan(5);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('is worked by keys alone: search, next, neighbours, what it depends on, zoom, forget', async () => {
    const { page, faults } = await open(SMALL);
    await page.keyboard.press('/');
    await page.keyboard.type('etime');
    expect(await page.locator('#matches').textContent()).toBe('1 found');
    await page.keyboard.press('Enter');
    const details = page.locator('#details');
    expect(await details.locator('h2').textContent()).toBe('scene-01 edges');
    expect(await details.textContent()).toContain('failed: ETIME: it hung');
    await details.getByRole('button', { name: 'scene-01 upload' }).press('Enter');
    expect(await details.locator('h2').textContent()).toBe('scene-01 upload');
    await page.keyboard.press('ArrowRight');
    expect(await details.locator('h2').textContent()).toBe('scene-01 edges');
    await page.keyboard.press('ArrowDown');
    expect(await page.locator('#status').textContent()).toContain(
      'scene-01 tone, lane-1, pending at the end of the recording',
    );
    for (const key of ['Enter', '+', '-', 'a', 'd', '0', 'Escape']) await page.keyboard.press(key);
    expect(await details.isHidden()).toBe(true);
    await page.keyboard.press('?');
    expect(await page.locator('#help').isVisible()).toBe(true);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('is worked by the pointer: hover tells, click selects, wheel zooms, drag moves', async () => {
    const { page, faults } = await open(SMALL);
    const canvas = await page.locator('canvas').boundingBox();
    const [left, top] = [canvas?.x ?? 0, canvas?.y ?? 0];
    // A quarter along the width lies within the first bar, which goes from 10 to 40 of 100 ms.
    const [x, y] = [left + 116 + (1000 - 116) * 0.25, top + 26 + 14];
    await page.mouse.move(x, y);
    expect(await page.locator('#tip').textContent()).toContain(
      'scene-01 upload, lane-0, signaled, 30.0 ms from 10.0 ms',
    );
    await page.mouse.click(x, y);
    expect(await page.locator('#details h2').textContent()).toBe('scene-01 upload');
    await page.mouse.wheel(0, -300);
    await page.mouse.down();
    await page.mouse.move(x - 60, y, { steps: 4 });
    await page.mouse.up();
    expect(await colours(page)).toBeGreaterThan(5);
    expect(faults).toEqual([]);
    await page.close();
  });

  it.each(['light', 'dark'] as const)('has a %s face that follows the system', async (colorScheme) => {
    const { page } = await open(SMALL, { colorScheme });
    const background = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    expect(background).toBe(colorScheme === 'dark' ? 'rgb(20, 24, 33)' : 'rgb(255, 255, 255)');
    await page.close();
  });

  it('fits a phone: nothing sticks out, and a tap selects', async () => {
    const { page } = await open(SMALL, {
      viewport: { width: 360, height: 640 },
      hasTouch: true,
      isMobile: true,
    });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    const canvas = await page.locator('canvas').boundingBox();
    await page.touchscreen.tap((canvas?.x ?? 0) + 84 + (360 - 84) * 0.25, (canvas?.y ?? 0) + 26 + 16);
    expect(await page.locator('#details h2').textContent()).toBe('scene-01 upload');
    await page.close();
  });

  it('takes 50,000 fences', async () => {
    const { page, faults } = await open(largeRecording(50_000));
    expect(await page.locator('#counts').textContent()).toMatch(/^50,000 fences on 8 timelines/);
    expect(await colours(page)).toBeGreaterThan(5);
    await page.keyboard.press('/');
    await page.keyboard.type('picture-7 eio');
    await page.keyboard.press('Enter');
    expect(await page.locator('#matches').textContent()).toMatch(/^1 of \d+$/);
    expect(faults).toEqual([]);
    await page.close();
  });
});
