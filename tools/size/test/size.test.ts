import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { publishedPackages, root } from '../../../scripts/workspace.js';
import { bundle } from '../src/bundle.ts';
import { kilobytes, moduleOf, readShapes } from '../src/shapes.ts';

/** More room than this under a ceiling, and a leak would fit in unseen. */
const HEADROOM = 0.1;

const all = publishedPackages('@dma-fence/size').flatMap(({ folder, manifest }) =>
  readShapes(folder).map((shape) => ({ folder, package: manifest.name, shape })),
);

describe.each(all)('$package: $shape.name', async ({ folder, shape }) => {
  const { code, bytes } = await bundle(folder, moduleOf(shape), shape.external);

  test(`costs at most ${shape.ceiling} bytes`, () => {
    const hint = 'Find out what came in before you raise the ceiling in size.json.';
    expect(bytes, hint).toBeLessThanOrEqual(shape.ceiling);
  });

  test('has a ceiling close above its cost', () => {
    const hint = `It costs ${bytes} bytes: lower the ceiling in size.json, so that it stays so small.`;
    expect(shape.ceiling, hint).toBeLessThanOrEqual(Math.ceil(bytes * (1 + HEADROOM)));
  });

  test.each(shape.mustNotAppear)('brings no %s along', (name) => {
    expect(code).not.toMatch(new RegExp(`\\b${name}\\b`));
  });

  if (shape.promised) {
    test.each(['README.md', join(relative(root, folder), 'README.md')])(
      'is promised in %s with its ceiling',
      (file) => {
        expect(readFileSync(join(root, file), 'utf8')).toContain(kilobytes(shape.ceiling));
      },
    );
  }
});
