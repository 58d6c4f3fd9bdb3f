/** What has changed, for people: what is not released yet, from the changesets, then what each package has written down. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, workspacePackages } from '../../../scripts/workspace.js';

const CHANGESET = /^---\n(?<packages>[^]*?)\n---\n(?<text>[^]*)$/;

/** @returns {string} a page */
export function changelog() {
  const folder = join(root, '.changeset');
  const news = readdirSync(folder)
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .sort()
    .flatMap((name) => {
      const { packages = '', text = '' } =
        CHANGESET.exec(readFileSync(join(folder, name), 'utf8'))?.groups ?? {};
      const names = [...packages.matchAll(/['"](?<name>[^'"]+)['"]/g)].map(
        (found) => `\`${found[1] ?? ''}\``,
      );
      return text.trim() === '' ? [] : [`**${names.join(', ')}**\n\n${text.trim()}`];
    });
  const written = workspacePackages().flatMap(({ folder: home }) => {
    const file = join(home, 'CHANGELOG.md');
    // One page has one title.
    return existsSync(file) ? [readFileSync(file, 'utf8').replaceAll(/^#/gm, '##')] : [];
  });
  const unreleased = news.length === 0 ? [] : ['## Not released yet', ...news];
  return `${['# Changelog', ...unreleased, ...written].join('\n\n')}\n`;
}
