import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Page } from 'playwright';
import { largeRecording } from '../../../apps/demo/test/support/recording.ts';
import { chromiumExecutable, QUIET } from '../src/chromium.ts';

/*
 * How smoothly the demo's timeline page scrolls and zooms with 50,000 fences: a frame is asked for, a wheel event is
 * sent in each, and the frames that the browser came to draw are counted. Build first; Node 22.18 or newer.
 *
 *   node tools/published/bench/timeline-smoothness.ts [folder for screenshots]
 */

/** As it was built: Node does not find the sources' imports of each other. */
const BUILT = new URL('../../../apps/demo/dist/trace/timeline-page.js', import.meta.url).href;
const { timelinePage } = (await import(
  BUILT
)) as typeof import('../../../apps/demo/src/trace/timeline-page.ts');

const FENCES = 50_000;
const SECONDS = 3;
const [, , screenshots] = process.argv;

/** Runs in the page: turns the wheel in every frame, and answers with the times between frames. */
function turnWheel({ seconds, shift }: { seconds: number; shift: boolean }): Promise<number[]> {
  const canvas = document.querySelector('canvas');
  if (canvas === null) throw new Error('the page has no canvas');
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const at = { clientX: left + width * 0.6, clientY: top + height / 2, bubbles: true, cancelable: true };
  // There is nothing to scroll where all is in view.
  if (shift) canvas.dispatchEvent(new WheelEvent('wheel', { ...at, deltaY: -420 }));
  return new Promise((resolve) => {
    const times: number[] = [];
    const frame = (now: number): void => {
      times.push(now);
      const passed = (now - (times[0] ?? now)) / 1000;
      if (passed >= seconds) {
        resolve(times.slice(1).map((time, index) => time - (times[index] ?? time)));
        return;
      }
      // In and out again, or there and back.
      const deltaY = passed < seconds / 2 ? -10 : 10;
      canvas.dispatchEvent(new WheelEvent('wheel', { ...at, deltaY, shiftKey: shift }));
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
}

function described(what: string, gaps: readonly number[]): string {
  const sorted = gaps.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN).toFixed(1);
  const rate = (1000 * gaps.length) / gaps.reduce((sum, gap) => sum + gap, 0);
  return `${what}: ${rate.toFixed(1)} frames a second; a frame takes ${at(0.5)} ms, 95 of 100 at most ${at(0.95)} ms, the slowest ${at(1)} ms`;
}

const folder = await mkdtemp(join(tmpdir(), 'timeline-smoothness-'));
const browser = await chromium.launch({ executablePath: chromiumExecutable(), args: QUIET });
try {
  const file = join(folder, 'timeline.html');
  await writeFile(file, await timelinePage(largeRecording(FENCES)));
  const open = async (options: Parameters<typeof browser.newPage>[0]): Promise<Page> => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, offline: true, ...options });
    await page.goto(pathToFileURL(file).href);
    await page.getByText('fences on').waitFor();
    return page;
  };
  const page = await open({});
  for (const [what, shift] of [
    ['zoom', false],
    ['scroll', true],
  ] as const)
    console.log(described(what, await page.evaluate(turnWheel, { seconds: SECONDS, shift })));
  if (screenshots !== undefined) {
    const faces: Record<string, Parameters<typeof browser.newPage>[0]> = {
      light: { colorScheme: 'light' },
      dark: { colorScheme: 'dark' },
      phone: { viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true },
    };
    for (const [name, options] of Object.entries(faces))
      await (await open(options)).screenshot({ path: join(screenshots, `${name}.png`) });
  }
} finally {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
}
