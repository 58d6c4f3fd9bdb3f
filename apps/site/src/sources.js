/** Which Markdown of the repository becomes which page of the site. */
import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root, workspacePackages } from '../../../scripts/workspace.js';

/**
 * @param {string} folder from the root
 * @returns {string[]} its Markdown files, with those of its folders, from the root
 */
function markdownIn(folder) {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
}

/**
 * The pages, by their source: `docs/errors.md` becomes `errors.md`.
 *
 * @returns {Map<string, string>}
 */
export function pageOfSource() {
  const pages = new Map([
    ['CONTRIBUTING.md', 'contributing.md'],
    ['SECURITY.md', 'security.md'],
    ['apps/demo/README.md', 'demo.md'],
  ]);
  for (const source of markdownIn('docs')) pages.set(source, relative('docs', source));
  for (const source of markdownIn('apps/site/pages')) pages.set(source, relative('apps/site/pages', source));
  for (const { folder, manifest } of workspacePackages()) {
    if (manifest.private === true) continue;
    const from = relative(root, folder);
    const name = manifest.name.replace('@dma-fence/', '');
    pages.set(join(from, 'README.md'), `packages/${name}.md`);
    for (const source of markdownIn(join(from, 'docs')))
      pages.set(source, join(name, relative(join(from, 'docs'), source)));
  }
  return pages;
}
