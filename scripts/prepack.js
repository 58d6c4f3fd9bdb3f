/** Before a package is packed: refuses to make a tarball whose entry points lead nowhere. Runs in the package's folder. */
import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { entries, workspacePackages } from './workspace.js';

const folder = process.cwd();
const pkg = workspacePackages().find((candidate) => candidate.folder === folder);
if (pkg === undefined) throw new Error(`${folder} is no package of this workspace`);
const missing = entries(pkg)
  .flatMap(({ types }) => [types, types.replace(/\.d\.ts$/, '.js')])
  .filter((file) => !existsSync(file));
if (missing.length > 0) {
  console.error(
    `${pkg.manifest.name} is not built: npm run build, then pack it again (no ${relative(folder, missing[0] ?? '')})`,
  );
  process.exitCode = 1;
}
