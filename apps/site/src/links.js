/** Links of a page, from where its source lies to where the page lies. */
import { dirname, join, relative } from 'node:path';

/** Code is left alone: a fenced block, or a span. */
const PART = /(?<code>^(?<fence>`{3,}|~{3,})[^]*?^\k<fence>[^\n]*$|`[^`\n]+`)|\]\((?<url>[^)\s]+)\)/gm;

/**
 * Rewrites the relative links of a page.
 *
 * @param {string} text Markdown
 * @param {string} source where it lies in the repository
 * @param {ReadonlyMap<string, string>} pages the page of each source
 * @param {(file: string) => string} elsewhere the address of a file that is no page
 * @returns {string}
 */
export function rewriteLinks(text, source, pages, elsewhere) {
  const here = dirname(pages.get(source) ?? source);
  return text.replaceAll(PART, (/** @type {unknown[]} */ ...found) => {
    const { url } = /** @type {{ url?: string }} */ (found.at(-1));
    const whole = String(found[0]);
    if (url === undefined || URL.canParse(url) || url.startsWith('#') || url.startsWith('/')) return whole;
    const [path = '', anchor] = url.split('#', 2);
    const file = join(dirname(source), path);
    const page = pages.get(file) ?? pages.get(join(file, 'README.md'));
    if (page === undefined) return `](${elsewhere(file)})`;
    const to = relative(here, page);
    return `](${to.startsWith('.') ? to : `./${to}`}${anchor === undefined ? '' : `#${anchor}`})`;
  });
}
