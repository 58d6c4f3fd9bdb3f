/**
 * Puts the site's pages together in `.pages`: the Markdown of the repository with its links turned, the API reference, and
 * the changelog. `--watch` keeps at it and serves the site, for those who write pages.
 */
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../../../scripts/workspace.js';
import { writeApi } from './api.js';
import { changelog } from './changelog.js';
import { rewriteLinks } from './links.js';
import { pageOfSource } from './sources.js';

const home = fileURLToPath(new URL('..', import.meta.url));
const out = join(home, '.pages');

/** Where the sources are looked at, where that is known; a workflow says it. */
const repository = process.env['GITHUB_REPOSITORY'];

/**
 * A file of the repository that is no page: a picture comes along, anything else is looked at in the repository, or, where
 * its address is not known, on the front page.
 *
 * @param {string} file
 */
function elsewhere(file) {
  if (/\.(?:png|svg|jpg|webp|gif)$/.test(file) && existsSync(join(root, file))) {
    mkdirSync(dirname(join(out, 'public', file)), { recursive: true });
    copyFileSync(join(root, file), join(out, 'public', file));
    return `/${file}`;
  }
  return repository === undefined ? '/' : `https://github.com/${repository}/blob/main/${file}`;
}

/** @param {string} file @param {string} text */
function write(file, text) {
  mkdirSync(dirname(join(out, file)), { recursive: true });
  writeFileSync(join(out, file), text);
}

function writePages() {
  const pages = pageOfSource();
  for (const [source, page] of pages)
    write(page, rewriteLinks(readFileSync(join(root, source), 'utf8'), source, pages, elsewhere));
  write('changelog.md', changelog());
}

rmSync(out, { recursive: true, force: true });
await writeApi(join(out, 'api'));
writePages();

if (process.argv.includes('--watch')) {
  for (const folder of ['docs', 'packages', 'apps/site/pages'])
    watch(join(root, folder), { recursive: true }, (_event, name) => {
      if (name?.endsWith('.md') === true && !name.includes('node_modules')) writePages();
    });
  const vitepress = join(
    dirname(createRequire(import.meta.url).resolve('vitepress/package.json')),
    'bin/vitepress.js',
  );
  const child = spawn(process.execPath, [vitepress, 'dev'], { cwd: home, stdio: 'inherit' });
  child.once('exit', (code) => process.exit(code ?? 1));
}
