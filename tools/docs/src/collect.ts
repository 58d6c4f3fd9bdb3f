import { entries, publishedPackages } from '../../../scripts/workspace.js';
import { type Export, readExports } from './exports.ts';
import type { Page } from './markdown.ts';
import type { Sample } from './sample.ts';

/**
 * The `ts` blocks of a page. The pages in a package's own `docs` folder are that package's affair: a lint rule's page,
 * for one, is full of code that is wrong on purpose.
 */
export function pageSamples({ file, name, code }: Page): Sample[] {
  if (/^packages\/[^/]+\/docs\//.test(name)) return [];
  return code
    .filter(({ lang }) => lang === 'ts')
    .map(({ value, meta, position }) => {
      const line = (position?.start.line ?? 0) + 1;
      return { name: `${name}:${line}`, file, line, code: value, run: meta !== 'check' };
    });
}

/** The examples in the doc comments of what an entry point exports. */
export function exampleSamples(exported: readonly Export[]): Sample[] {
  return exported.flatMap(({ name, file, examples }) =>
    examples.map(({ title, code, line, run }) => ({ name: `${name}: ${title}`, file, line, code, run })),
  );
}

/** Every example of every entry point. */
export function allExamples(): Sample[] {
  return publishedPackages('@dma-fence/docs')
    .flatMap(entries)
    .flatMap((entry) => exampleSamples(readExports(entry)));
}
