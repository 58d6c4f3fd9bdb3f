/**
 * The last step of a release: publishes every package whose version the registry does not have yet.
 *
 * Packed by pnpm, which knows `workspace:` and `catalog:`; sent by npm, which proves to the registry from which
 * workflow it comes (trusted publishing: there is no token to steal). `--dry-run` does all but send.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { root, workspacePackages } from './workspace.js';

const dryRun = process.argv.includes('--dry-run');

/**
 * @param {string} name
 * @param {string} version
 */
function isPublished(name, version) {
  try {
    const found = execFileSync('npm', ['view', `${name}@${version}`, 'version'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return found.toString().trim() === version;
  } catch (error) {
    if (error instanceof Error && error.message.includes('E404')) return false;
    throw error;
  }
}

/**
 * Packs a package. Provenance ties it to the repository that the workflow runs in, so the manifest names that one.
 *
 * @param {string} folder
 * @param {string} destination
 */
function pack(folder, destination) {
  const file = join(folder, 'package.json');
  const text = readFileSync(file, 'utf8');
  const repository = process.env['GITHUB_REPOSITORY'];
  try {
    if (repository !== undefined) {
      /** @type {unknown} */
      const manifest = JSON.parse(text);
      const url = `git+https://github.com/${repository}.git`;
      const directory = relative(root, folder);
      writeFileSync(
        file,
        JSON.stringify({ .../** @type {object} */ (manifest), repository: { type: 'git', url, directory } }),
      );
    }
    const output = execFileSync(
      join(root, 'node_modules', '.bin', 'pnpm'),
      ['pack', '--json', '--pack-destination', destination],
      {
        cwd: folder,
      },
    );
    /** @type {unknown} */
    const packed = JSON.parse(output.toString());
    return /** @type {{ filename: string }} */ (packed).filename;
  } finally {
    writeFileSync(file, text);
  }
}

const destination = mkdtempSync(join(tmpdir(), 'publish-'));
try {
  for (const { folder, manifest } of workspacePackages().filter(
    ({ manifest }) => manifest.private !== true,
  )) {
    const { name, version } = manifest;
    if (isPublished(name, version)) continue;
    const args = [
      'publish',
      pack(folder, destination),
      '--access',
      'public',
      dryRun ? '--dry-run' : '--provenance',
    ];
    execFileSync('npm', args, { cwd: destination, stdio: 'inherit' });
    console.log(`${dryRun ? 'would publish' : 'published'} ${name}@${version}`);
  }
} finally {
  rmSync(destination, { recursive: true });
}
