import { expect, test } from 'vitest';
import { rewriteLinks } from '../src/links.js';

const pages = new Map([
  ['docs/threads.md', 'threads.md'],
  ['docs/coming-from/rxjs.md', 'coming-from/rxjs.md'],
  ['packages/core/README.md', 'packages/core.md'],
]);
const turn = (text: string, source: string) =>
  rewriteLinks(text, source, pages, (file) => `REPOSITORY/${file}`);

test.each([
  ['[a](threads.md#x)', 'docs/threads.md', '[a](./threads.md#x)'],
  ['[a](../../docs/threads.md)', 'packages/core/README.md', '[a](../threads.md)'],
  ['[a](../../packages/core)', 'docs/coming-from/rxjs.md', '[a](../packages/core.md)'],
  ['[a](../LICENSE)', 'docs/threads.md', '[a](REPOSITORY/LICENSE)'],
  ['[a](#here) [b](https://x.example/y.md)', 'docs/threads.md', '[a](#here) [b](https://x.example/y.md)'],
  [
    '`[a](threads.md)` and\n```md\n[a](threads.md)\n```',
    'docs/threads.md',
    '`[a](threads.md)` and\n```md\n[a](threads.md)\n```',
  ],
])('%j in %s', (text, source, turned) => {
  expect(turn(text, source)).toBe(turned);
});
