import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const names = new Map<string, string | undefined>();

/** The name of the package that a file belongs to: by its folder in `node_modules`, else by the nearest package.json. */
export function packageOf(file: string): string | undefined {
  const installed = /.*[\\/]node_modules[\\/](?<name>(?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file)?.groups?.['name'];
  if (installed !== undefined) return installed.replace('\\', '/');
  return nearest(dirname(file));
}

/** What a program can be asked for the names of its files. */
interface Files {
  getSourceFiles: () => readonly { readonly fileName: string }[];
}

const packagesOf = new WeakMap<Files, Set<string>>();

/** Whether a program has a file of one of some packages; the files are gone through once a program. */
export function hasPackage(program: Files, wanted: readonly string[]): boolean {
  let found = packagesOf.get(program);
  if (found === undefined) {
    found = new Set();
    for (const { fileName } of program.getSourceFiles()) {
      const name = packageOf(fileName);
      if (name !== undefined) found.add(name);
    }
    packagesOf.set(program, found);
  }
  return wanted.some((name) => found.has(name));
}

function nearest(folder: string): string | undefined {
  if (names.has(folder)) return names.get(folder);
  let name = manifestName(folder);
  if (name === undefined) {
    const parent = dirname(folder);
    if (parent !== folder) name = nearest(parent);
  }
  names.set(folder, name);
  return name;
}

function manifestName(folder: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    if (typeof manifest !== 'object' || manifest === null || !('name' in manifest)) return undefined;
    return typeof manifest.name === 'string' ? manifest.name : undefined;
  } catch {
    // No manifest here, or one that cannot be read: the folder above answers.
    return undefined;
  }
}
