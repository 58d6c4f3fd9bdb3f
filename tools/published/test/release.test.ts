import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../../scripts/workspace.js';
import { command } from '../src/command.ts';
import { NODES, TYPESCRIPTS } from '../src/toolbox.ts';

/** On the branch of the version pull request the changesets have become versions already. */
const versioned = process.env['GITHUB_HEAD_REF']?.startsWith('changeset-release/') === true;

test.skipIf(versioned)(
  'what users can notice has a changeset, and the changesets make a release',
  async () => {
    const changeset = join(root, 'node_modules', '.bin', 'changeset');
    await command(changeset, ['status'], { cwd: root });
  },
);

test('each package that has a new version can be published', async () => {
  const publish = join(root, 'scripts', 'publish.js');
  await command(process.execPath, [publish, '--dry-run'], { cwd: root });
});

test('the README promises the versions that are tried here', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8').replaceAll(/\s+/g, ' ');
  const lines = NODES.map((version) => version.split('.')[0]).slice(1);
  expect(readme).toContain(`Node 20.19, ${lines.slice(0, -1).join(', ')} and ${lines.at(-1) ?? ''}`);
  const [oldest] = TYPESCRIPTS;
  const newest = TYPESCRIPTS.at(-1) ?? '';
  expect(readme).toContain(`TypeScript ${oldest.slice(0, 3)} to ${newest.slice(0, 1)}`);
});
