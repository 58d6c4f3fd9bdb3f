import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type * as Cluster from '@dma-fence/cluster';
import type * as Testing from '@dma-fence/cluster/testing';
import type { Build } from './explorer.js';

const src = fileURLToPath(new URL('../src', import.meta.url));
/** What git, prettier and eslint leave alone, and vitest still transforms. */
const scratch = fileURLToPath(new URL('../coverage', import.meta.url));

/** Loads a copy of the package in which one piece of text is another: a bug that a test must find. */
export async function plant(file: string, right: string, wrong: string): Promise<Build & Disposable> {
  mkdirSync(scratch, { recursive: true });
  const folder = mkdtempSync(`${scratch}/planted-`);
  cpSync(src, folder, { recursive: true });
  const text = readFileSync(`${folder}/${file}`, 'utf8');
  if (text.split(right).length !== 2) throw new Error(`${file} does not have exactly once: ${right}`);
  writeFileSync(
    `${folder}/${file}`,
    text.replace(right, () => wrong),
  );
  const { FenceCluster, memory } = (await import(/* @vite-ignore */ `${folder}/index.ts`)) as typeof Cluster;
  const { faulty } = (await import(/* @vite-ignore */ `${folder}/testing/index.ts`)) as typeof Testing;
  return {
    FenceCluster,
    memory,
    faulty,
    [Symbol.dispose]() {
      rmSync(folder, { recursive: true });
    },
  };
}
