import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Page } from './markdown.ts';

/** Says which links of a page lead nowhere inside the repository, one sentence each. */
export function brokenLinks(page: Page, pages: readonly Page[]): string[] {
  return page.links.flatMap(({ url, line }) => {
    const reason = URL.canParse(url) ? undefined : whyBroken(url, page, pages);
    return reason === undefined ? [] : [`${page.name}:${line} links to ${url}: ${reason}`];
  });
}

function whyBroken(url: string, page: Page, pages: readonly Page[]): string | undefined {
  const [path = '', anchor] = url.split('#', 2).map(decodeURIComponent);
  const file = path === '' ? page.file : resolve(dirname(page.file), path);
  if (path !== '' && !existsSync(file)) return 'there is no such file';
  if (anchor === undefined) return undefined;
  const target = pages.find((candidate) => candidate.file === file);
  if (target === undefined) return 'only a page of ours can be linked to by heading';
  return target.anchors.has(anchor) ? undefined : 'there is no such heading';
}
