import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the repository. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * @typedef {object} Manifest a `package.json`, as far as the scripts read it
 * @property {string} name
 * @property {string} version
 * @property {boolean} [private]
 * @property {Record<string, string>} [scripts]
 * @property {Record<string, string | Record<string, string>>} [exports]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, { optional?: boolean }>} [peerDependenciesMeta]
 * @property {Record<string, string>} [devDependencies]
 */

/** @typedef {{ folder: string; manifest: Manifest }} WorkspacePackage */

/**
 * A way into a published package: what people write in `import`, and the files that it leads to.
 *
 * @typedef {object} Entry
 * @property {string} specifier `@dma-fence/core/shared`
 * @property {string} id `core-shared`: fit for a file name
 * @property {string} source the `.ts` file
 * @property {string} types the built `.d.ts` file
 */

/**
 * Reads a `package.json`.
 *
 * @param {string} folder
 * @returns {Manifest}
 */
function readManifest(folder) {
  /** @type {unknown} */
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return /** @type {Manifest} */ (manifest);
}

/**
 * All packages of the workspace (see `packages` in `pnpm-workspace.yaml`), the root not among them.
 *
 * @returns {WorkspacePackage[]}
 */
export function workspacePackages() {
  return ['packages', 'apps', 'tools']
    .map((kind) => join(root, kind))
    .filter((kind) => existsSync(kind))
    .flatMap((kind) => readdirSync(kind).map((name) => join(kind, name)))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => ({ folder, manifest: readManifest(folder) }));
}

/**
 * The packages that people install. Who asks must depend on all of them: so turbo builds them first, and knows
 * when to ask again.
 *
 * @param {string} dependant the name of the package that asks
 * @returns {WorkspacePackage[]}
 */
export function publishedPackages(dependant) {
  const packages = workspacePackages();
  const asking = packages.find(({ manifest }) => manifest.name === dependant);
  const published = packages.filter(({ manifest }) => manifest.private !== true);
  for (const { manifest } of published) {
    if (asking?.manifest.devDependencies?.[manifest.name] === undefined) {
      throw new Error(`add "${manifest.name}": "workspace:^" to the devDependencies of ${dependant}`);
    }
  }
  return published;
}

/**
 * The entry points that have types: `.` and every subpath of `exports`.
 *
 * @param {WorkspacePackage} pkg
 * @returns {Entry[]}
 */
export function entries({ folder, manifest }) {
  return Object.entries(manifest.exports ?? {}).flatMap(([subpath, target]) => {
    if (typeof target === 'string') return [];
    const source = target['@dma-fence/source'];
    const types = target['types'];
    if (source === undefined || types === undefined) {
      throw new Error(`${manifest.name} exports '${subpath}' without a source and types condition`);
    }
    const specifier = manifest.name + subpath.slice(1);
    const id = specifier.replace('@dma-fence/', '').replaceAll('/', '-');
    return [{ specifier, id, source: join(folder, source), types: join(folder, types) }];
  });
}
