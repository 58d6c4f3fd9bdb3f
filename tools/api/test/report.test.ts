import { describe, expect, test } from 'vitest';
import { entries, publishedPackages } from '../../../scripts/workspace.js';
import { createReport, reportFile } from '../src/report.ts';

const HINT =
  'The public API is not the committed one. If that is meant: npm run api:update, commit the report, add a changeset.';

const all = publishedPackages('@dma-fence/api').flatMap((pkg) =>
  entries(pkg).map((entry) => ({ pkg, entry })),
);

describe.each(all)('$entry.specifier', ({ pkg, entry }) => {
  const report = createReport(pkg, entry);

  test('has the types of its committed report', async () => {
    await expect(report.text, HINT).toMatchFileSnapshot(reportFile(pkg, entry));
  });

  test('exports every type that its declarations use, and documents each of them', () => {
    expect(report.problems).toEqual([]);
  });
});
