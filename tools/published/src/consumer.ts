import { mkdtempSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publishedPackages, root } from '../../../scripts/workspace.js';
import { command } from './command.ts';

/** Makes an empty project, far from the workspace, and installs what `npm publish` would have sent. */
export async function createConsumer(): Promise<string> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'consumer-'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const pnpm = join(root, 'node_modules', '.bin', 'pnpm');
  for (const pkg of publishedPackages('@dma-fence/published')) {
    await command(pnpm, ['pack', '--pack-destination', folder], { cwd: pkg.folder });
  }
  // The one optional peer, without which TypeScript below 6 does not know of WebGPU.
  const { version } = createRequire(import.meta.url)('@webgpu/types/package.json') as { version: string };
  const tarballs = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  await command(
    'npm',
    [
      'install',
      '--no-audit',
      '--no-fund',
      ...tarballs.map((name) => `./${name}`),
      `@webgpu/types@${version}`,
    ],
    {
      cwd: folder,
    },
  );
  return folder;
}
