import { describe, expect, test } from 'vitest';
import { entries, publishedPackages } from '../../../scripts/workspace.js';
import { exampleSamples } from '../src/collect.ts';
import { readExports } from '../src/exports.ts';
import { testSamples } from './samples.ts';

for (const entry of publishedPackages('@dma-fence/docs').flatMap(entries)) {
  const exported = readExports(entry);

  describe(`every export of ${entry.specifier} is explained`, () => {
    test.each(exported)('$name', ({ place, summary, examples }) => {
      expect(summary, `${place} needs a doc comment`).not.toBe('');
      expect(examples, `${place} needs a titled example: "@example Title", then a ts block`).not.toEqual([]);
    });
  });

  testSamples(`every example of ${entry.specifier} compiles and runs`, exampleSamples(exported));
}
