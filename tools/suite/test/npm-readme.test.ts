import { expect, test } from 'vitest';
import { addresses, npmReadme } from '../../../scripts/npm-readme.js';
import { workspacePackages } from '../../../scripts/workspace.js';

test('links of a README lead into the repository, wherever the README is shown', () => {
  const text = '[a](../../docs/threads.md#x) [b](docs/rules) [c](#here) [d](https://x.example/) `[e](f.md)`';
  expect(npmReadme(text, 'packages/core', 'owner/name')).toBe(
    '[a](https://github.com/owner/name/blob/main/docs/threads.md#x) [b](https://github.com/owner/name/blob/main/packages/core/docs/rules) [c](#here) [d](https://x.example/) `[e](f.md)`',
  );
  expect(npmReadme('```md\n[a](b.md)\n```\n', 'packages/core', 'owner/name')).toBe('```md\n[a](b.md)\n```\n');
});

test('pictures of a README are asked for as bytes, since a page about a picture cannot be drawn', () => {
  expect(npmReadme('![a](../../docs/images/a.png)', 'packages/core', 'owner/name')).toBe(
    '![a](https://github.com/owner/name/raw/main/docs/images/a.png)',
  );
});

test('a published manifest names its home, where to report, and its folder', () => {
  expect(addresses('packages/core', 'owner/name')).toEqual({
    homepage: 'https://github.com/owner/name/tree/main/packages/core#readme',
    bugs: { url: 'https://github.com/owner/name/issues' },
    repository: { type: 'git', url: 'git+https://github.com/owner/name.git', directory: 'packages/core' },
  });
});

test.each(workspacePackages().filter(({ manifest }) => manifest.private !== true))(
  '$manifest.name can be found by keywords, and is not packed before it is built',
  ({ manifest }) => {
    const { keywords = [] } = manifest as { keywords?: string[] };
    expect(keywords.length).toBeGreaterThan(3);
    expect(manifest.scripts).toMatchObject({ prepack: 'node ../../scripts/prepack.js' });
  },
);
