import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import GithubSlugger from 'github-slugger';
import type { Code, Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { toString } from 'mdast-util-to-string';
import { globSync } from 'tinyglobby';
import { visit } from 'unist-util-visit';
import { root } from '../../../scripts/workspace.js';

/** A link or picture of a page, with the line that it stands on. */
interface Link {
  url: string;
  line: number;
}

/** A Markdown file of the repository. */
export interface Page {
  file: string;
  /** The path from the root, for messages and test names. */
  name: string;
  links: Link[];
  /** What can be linked to: the headings, as GitHub names them. */
  anchors: Set<string>;
  code: Code[];
}

/** Reads every page that people write by hand: no changelogs, changesets or reports. */
export function readPages(): Page[] {
  return globSync('**/*.md', {
    cwd: root,
    absolute: true,
    dot: true,
    ignore: [
      '**/node_modules/**',
      '**/dist/**',
      '**/.stryker-tmp/**',
      '**/.pages/**',
      '**/CHANGELOG.md',
      '.changeset/**',
      '**/*.api.md',
    ],
  })
    .sort()
    .map(readPage);
}

function readPage(file: string): Page {
  const page: Page = { file, name: relative(root, file), links: [], anchors: new Set(), code: [] };
  const slugger = new GithubSlugger();
  visit(fromMarkdown(readFileSync(file, 'utf8')), (node: Nodes) => {
    if (node.type === 'heading') page.anchors.add(slugger.slug(toString(node)));
    else if (node.type === 'code') page.code.push(node);
    else if (node.type === 'link' || node.type === 'image' || node.type === 'definition') {
      page.links.push({ url: node.url, line: node.position?.start.line ?? 0 });
    }
  });
  return page;
}
