import { readFile } from 'node:fs/promises';
import type { TimelineData } from '../page/data.js';

/** The page's modules, in no order; they import each other as `#page/….js`. */
const MODULES = ['app', 'controls', 'details', 'model', 'painter', 'viewport'];

const TEMPLATE = new URL('../../page/', import.meta.url);
const SCRIPTS = new URL('../../dist/page/', import.meta.url);

/**
 * Puts a recording into a page that needs nothing but itself: style, scripts and data are in it, so that it opens by
 * a double click and without a network. The scripts are the modules as they were built, each under its own name in
 * an import map.
 *
 * @returns the page
 */
export async function timelinePage(data: TimelineData): Promise<string> {
  const [html, style] = await Promise.all(
    ['timeline.html', 'timeline.css'].map((name) => readFile(new URL(name, TEMPLATE), 'utf8')),
  );
  const modules = await Promise.all(
    MODULES.map(async (name) => {
      const source = await readFile(new URL(`${name}.js`, SCRIPTS), 'utf8');
      const code = source.replace(/^\/\/# sourceMappingURL=.*$/m, '');
      return [`#page/${name}.js`, `data:text/javascript,${encodeURIComponent(code)}`] as const;
    }),
  );
  const scripts = `<script type="importmap">${inScript({ imports: Object.fromEntries(modules) })}</script>
    <script type="module">import '#page/app.js';</script>`;
  return (html ?? '')
    .replace('/* style */', () => style ?? '')
    .replace(/\{\}\s*(?=<\/script>)/, () => inScript(data))
    .replace('<!-- script -->', () => scripts);
}

/** JSON that cannot end the script element that it is in. */
function inScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
