import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

test.each(readdirSync(new URL('programs', import.meta.url)))(
  'the pages show test/programs/%s as it is run',
  (file) => {
    const pages = ['../README.md', '../../../docs/webgpu.md', '../../../docs/webgpu-facts.md'].map((page) => {
      try {
        return read(page);
      } catch {
        return '';
      }
    });
    expect(pages.some((page) => page.includes(read(`programs/${file}`).trim()))).toBe(true);
  },
);
