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
import { addresses, npmReadme } from './npm-readme.js';
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
 * Packs a package. Provenance ties it to the repository that the workflow runs in, so the manifest names that one, and
 * the README's links lead there.
 *
 * @param {string} folder
 * @param {string} destination
 */
function pack(folder, destination) {
  const repository = process.env['GITHUB_REPOSITORY'];
  const place = relative(root, folder);
  const originals = ['package.json', 'README.md'].map((name) => {
    const file = join(folder, name);
    return { file, text: readFileSync(file, 'utf8') };
  });
  try {
    if (repository !== undefined)
      for (const { file, text } of originals)
        writeFileSync(
          file,
          file.endsWith('.json')
            ? JSON.stringify({ .../** @type {object} */ (JSON.parse(text)), ...addresses(place, repository) })
            : npmReadme(text, place, repository),
        );
    const output = execFileSync(
      join(root, 'node_modules', '.bin', 'pnpm'),
      ['pack', '--json', '--pack-destination', destination],
      { cwd: folder },
    );
    /** @type {unknown} */
    const packed = JSON.parse(output.toString());
    return /** @type {{ filename: string }} */ (packed).filename;
  } finally {
    for (const { file, text } of originals) writeFileSync(file, text);
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
