import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumExecutable, QUIET } from '../../../tools/published/src/chromium.ts';
import { serve } from '../src/server.js';

const home = fileURLToPath(new URL('..', import.meta.url));
const dist = join(home, 'dist');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: Browser;
let site: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  if (process.env['SITE_BUILT'] !== '1')
    execFileSync('npm', ['run', '--silent', 'docs:build'], { cwd: home, stdio: 'pipe' });
  site = await serve(dist);
  browser = await chromium.launch({ executablePath: chromiumExecutable(), args: QUIET });
});

afterAll(async () => {
  await browser.close();
  site.close();
});

/** A page, and all that it has to complain of: errors, warnings, what it asked others for. */
async function open(
  path: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; faults: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', ({ message }) => faults.push(`error: ${message}`));
  page.on('console', (message) => {
    if (message.type() !== 'log') faults.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(site.url) && !/^(?:data|blob):/.test(url)) faults.push(`asks ${url}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${String(response.status())}: ${response.url()}`);
  });
  await page.goto(site.url + path, { waitUntil: 'networkidle' });
  return { page, faults };
}

/** What axe finds, in words. */
async function accessibility(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe: tool } = globalThis as unknown as {
      axe: {
        run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
      };
    };
    const { violations } = await tool.run();
    return violations.flatMap(({ id, nodes }) =>
      nodes.slice(0, 3).map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
    );
  });
}

const all = (): string[] =>
  readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.html') && name !== '404.html')
    .sort();

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 360, height: 700 };
const LOOKS = [
  { size: DESKTOP, colorScheme: 'light' },
  { size: DESKTOP, colorScheme: 'dark' },
  { size: PHONE, colorScheme: 'light' },
  { size: PHONE, colorScheme: 'dark' },
] as const;

/** Some 280 pages: minutes on an idle machine, and no machine is that busy. */
const ALL_PAGES_MS = 1_800_000;

describe('the site', () => {
  it('has a page for each guide, package, lint rule, entry point and export', () => {
    const pages = all();
    for (const wanted of [
      'index.html',
      'recipes.html',
      'playground.html',
      'contract.html',
      'changelog.html',
      'packages/core.html',
      'eslint-plugin/rules/no-fence-leak.html',
      'api/@dma-fence/core/shared/classes/SharedTimeline.html',
      'api/@dma-fence/otel/functions/traceFences.html',
    ])
      expect(pages).toContain(wanted);
    expect(pages.length).toBeGreaterThan(150);
  });

  it('has no link inside that leads nowhere, heading or page', () => {
    const anchors = new Map<string, Set<string>>();
    const html = (name: string): string => readFileSync(join(dist, name), 'utf8');
    for (const name of all())
      anchors.set(name, new Set([...html(name).matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id)));
    const broken: string[] = [];
    for (const name of all())
      for (const [, href = ''] of html(name).matchAll(/<a [^>]*href="([^"]+)"/g)) {
        if (/^(?:https?|data|mailto):/.test(href)) continue;
        const url = new URL(href.replaceAll('&amp;', '&'), `http://x/${name}`);
        const path = decodeURIComponent(url.pathname.slice(1));
        const file =
          path === '' || path.endsWith('/')
            ? `${path}index.html`
            : path.endsWith('.html')
              ? path
              : `${path}.html`;
        const known = anchors.get(file);
        const anchor = decodeURIComponent(url.hash.slice(1));
        if (known === undefined || (anchor !== '' && anchor !== 'app' && !known.has(anchor)))
          broken.push(`${name} -> ${href}`);
      }
    expect([...new Set(broken)]).toEqual([]);
  });

  it('is dark where the system is, and light where it is not', async () => {
    const backgrounds = await Promise.all(
      (['light', 'dark'] as const).map(async (colorScheme) => {
        const { page } = await open('/recipes.html', { colorScheme });
        const colour = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        await page.context().close();
        return colour;
      }),
    );
    expect(backgrounds).toEqual(['rgb(255, 255, 255)', 'rgb(27, 27, 31)']);
  });

  it(
    'every page: axe finds nothing, nothing sticks out, the console is silent, nothing is asked of others',
    async () => {
      const { page, faults } = await open('/');
      const found: string[] = [];
      for (const [index, name] of all().entries()) {
        // Reference pages are made by one template: each is looked at in one of the four ways, in turn.
        const ways = name.startsWith('api/') ? [LOOKS[index % LOOKS.length] ?? LOOKS[0]] : LOOKS;
        await page.goto(`${site.url}/${name}`, { waitUntil: 'load' });
        // A colour that is on its way to another is neither of the two.
        await page.addStyleTag({ content: '*, ::before, ::after { transition: none !important }' });
        for (const { size, colorScheme } of ways) {
          await page.setViewportSize(size);
          await page.emulateMedia({ colorScheme });
          const complaints = await accessibility(page);
          const width = await page.evaluate(() => document.documentElement.scrollWidth);
          if (width > size.width) complaints.push(`is ${String(width)} wide`);
          const where = `${name}, ${String(size.width)} wide, ${colorScheme}`;
          found.push(...complaints.map((text) => `${where}: ${text}`));
        }
        found.push(...faults.splice(0).map((text) => `${name}: ${text}`));
      }
      expect(found).toEqual([]);
      await page.context().close();
    },
    ALL_PAGES_MS,
  );

  it('search finds a recipe, a code and an export', async () => {
    const { page, faults } = await open('/');
    for (const [words, wanted] of [
      ['in flight', /recipes/],
      ['EOWNERDEAD', /errors/],
      ['lockReservations', /lockReservations/],
    ] as const) {
      await page.keyboard.press('Control+k');
      await page.getByRole('searchbox').fill(words);
      const results = page.locator('#localsearch-list a.result');
      await results.first().waitFor();
      const links = await results.evaluateAll((found) =>
        found.map((link) => link.getAttribute('href') ?? ''),
      );
      expect(
        links.some((link) => wanted.test(link)),
        `${words}: ${links.join(' ')}`,
      ).toBe(true);
      await page.keyboard.press('Escape');
    }
    expect(faults).toEqual([]);
    await page.context().close();
  });
});

describe('the playground', () => {
  const output = (page: Page) => page.getByRole('log');
  const run = async (page: Page): Promise<void> => {
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByRole('status').filter({ hasText: 'done' }).waitFor();
  };

  it('runs a program with the real packages, and draws its fences', async () => {
    const { page, faults } = await open('/playground.html');
    await page.locator('.cm-content').waitFor();
    await run(page);
    expect(await output(page).textContent()).toContain('the wait is over: signaled');
    await page.getByRole('img', { name: 'Timeline: 1 fences, 0 failed, 0 pending' }).waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it.each([
    ['Order on a timeline', 'fulfilled, fulfilled, rejected, fulfilled'],
    ['The first of many', 'request 5: answered'],
    ['Readers and writers of a buffer', 'now it may be read'],
    [
      'Find a deadlock that did not happen',
      'possible deadlock: waiters hold lock "cache", signallers take it',
    ],
    ['A fence that is dropped', 'caught: FenceError: '],
    ['A test with a virtual clock', 'after an hour: FenceError: '],
  ])('%s', async (title, printed) => {
    const { page, faults } = await open('/playground.html');
    await page.locator('.cm-content').waitFor();
    await page.getByLabel('Example').selectOption(title);
    await page.getByRole('status').filter({ hasText: 'done' }).waitFor();
    expect(await output(page).textContent()).toContain(printed);
    expect(faults).toEqual([]);
    expect(await accessibility(page)).toEqual([]);
    await page.context().close();
  });

  it('says what is wrong with a program, and stops one that does not end', async () => {
    const { page } = await open('/playground.html');
    const editor = page.locator('.cm-content');
    await editor.waitFor();
    await editor.fill('const x = ;');
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByText('line 1: Expression expected.').waitFor();
    await editor.fill("throw new Error('on purpose');");
    await run(page);
    expect(await output(page).textContent()).toContain('on purpose');
    await editor.fill("console.log('round'); for (;;);");
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByText('round', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('status').filter({ hasText: 'stopped' }).waitFor();
    await page.context().close();
  });

  it('a program travels in the address', async () => {
    const { page } = await open('/playground.html');
    const editor = page.locator('.cm-content');
    await editor.waitFor();
    await editor.fill("console.log('grüße 🎉');");
    await page.getByRole('button', { name: 'Share' }).click();
    await page.waitForURL(/#code=/);
    const { page: other } = await open(new URL(page.url()).pathname + new URL(page.url()).hash);
    await other.locator('.cm-content').waitFor();
    expect(await other.locator('.cm-content').textContent()).toBe("console.log('grüße 🎉');");
    await run(other);
    expect(await output(other).textContent()).toContain('grüße 🎉');
    await page.context().close();
    await other.context().close();
  });

  it('works without a network once it has been opened', async () => {
    const { page } = await open('/playground.html');
    await page.locator('.cm-content').waitFor();
    await run(page);
    await page.context().setOffline(true);
    await run(page);
    expect(await output(page).textContent()).toContain('signaled');
    await page.context().close();
  });
});
