import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import GithubSlugger from 'github-slugger';
import { defineConfig, type DefaultTheme } from 'vitepress';

const pages = fileURLToPath(new URL('../.pages', import.meta.url));
const repository = process.env['GITHUB_REPOSITORY'];

/** A page's title: its first heading, without marks. */
function titleOf(file: string): string {
  const [, heading = file] = /^# (.+)$/m.exec(readFileSync(join(pages, file), 'utf8')) ?? [];
  return heading.replaceAll('`', '');
}

function item(page: string, text?: string): DefaultTheme.SidebarItem[] {
  const file = `${page}.md`;
  return existsSync(join(pages, file)) ? [{ text: text ?? titleOf(file), link: `/${page}` }] : [];
}

const items = (...names: string[]): DefaultTheme.SidebarItem[] => names.flatMap((name) => item(name));

function pagesIn(folder: string): string[] {
  const path = join(pages, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `${folder}/${name.replace(/\.md$/, '')}`);
}

const LEARN = ['fence-or-promise', 'install', 'which-one', 'recipes', 'playground'];
const GUIDES = [
  'threads',
  'queue',
  'debugging',
  'testing',
  'tracing',
  'cluster',
  'webgpu',
  'demo',
  'performance',
];
const REFERENCE = ['contract', 'errors', 'kernel-parity', 'glossary', 'faq', 'changelog'];
const HOUSE = ['contributing', 'security'];

/** What nobody has put into a group yet: a new guide shows up by itself. */
function otherGuides(): string[] {
  const known = new Set([...LEARN, ...GUIDES, ...REFERENCE, ...HOUSE, 'index']);
  return readdirSync(pages)
    .filter((name) => name.endsWith('.md'))
    .map((name) => name.replace(/\.md$/, ''))
    .filter((name) => !known.has(name))
    .sort();
}

/** One group an entry point, one line an export. */
function apiSidebar(): DefaultTheme.SidebarItem[] {
  const file = join(pages, 'api', 'index.md');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return [...text.matchAll(/^- \[(?<name>[^\]]+)\]\((?<path>[^)]+)\/index\.md\)$/gm)].map(
    ([, name = '', path = '']) => {
      const kinds = ['classes', 'functions', 'interfaces', 'type-aliases', 'variables'];
      const members = kinds.flatMap((kind) => pagesIn(`api/${path}/${kind}`));
      const link = `/api/${path}/`;
      return {
        text: name.replace('@dma-fence/', ''),
        link,
        collapsed: true,
        items: members.map((member) => ({ text: member.split('/').at(-1) ?? member, link: `/${member}` })),
      };
    },
  );
}

const sidebar: DefaultTheme.SidebarItem[] = [
  { text: 'Learn', items: items(...LEARN) },
  { text: 'Guides', items: items(...GUIDES, ...otherGuides()) },
  { text: 'Coming from', items: items(...pagesIn('coming-from')) },
  { text: 'Packages', items: pagesIn('packages').flatMap((page) => item(page)) },
  { text: 'Reference', items: [...item('api/index', 'API'), ...items(...REFERENCE)] },
  { text: 'Lint rules', items: items(...pagesIn('eslint-plugin/rules')) },
  { text: 'The project', items: items(...HOUSE) },
];

export default defineConfig({
  title: 'dma-fence',
  description: 'The Linux kernel’s dma_fence, the primitive under every GPU driver, for TypeScript.',
  lang: 'en',
  srcDir: '.pages',
  outDir: 'dist',
  base: process.env['SITE_BASE'] ?? '/',
  cleanUrls: false,
  // Addresses of a program on the reader's own machine.
  ignoreDeadLinks: 'localhostLinks',
  // Nothing leaves the page: no fonts, no counters, no pictures from elsewhere.
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  markdown: {
    // Headings are linked to as on GitHub, where the same pages are read.
    anchor: { slugify: (text) => new GithubSlugger().slug(text) },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    config(md) {
      // The corner of a table is no heading of anything.
      md.core.ruler.push('empty-heads', ({ tokens }) => {
        for (const [index, token] of tokens.entries())
          if (token.type === 'th_open' && tokens[index + 1]?.content.trim() === '') {
            const close = tokens[index + 2];
            token.tag = 'td';
            if (close !== undefined) close.tag = 'td';
          }
      });
    },
  },
  vite: {
    worker: { format: 'es' },
    // The compiler of the playground is one large file, which is loaded when somebody presses Run.
    build: { chunkSizeWarningLimit: 10_000 },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: { level: [2, 3] },
    nav: [
      { text: 'Fence or promise', link: '/fence-or-promise' },
      { text: 'Recipes', link: '/recipes' },
      { text: 'Playground', link: '/playground' },
      { text: 'API', link: '/api/' },
    ],
    sidebar: { '/api/': apiSidebar(), '/': sidebar },
    ...(repository !== undefined && {
      socialLinks: [{ icon: 'github', link: `https://github.com/${repository}` }],
    }),
    footer: { message: 'MIT. Independent code; behaviour and names are the Linux kernel’s.' },
  },
});
