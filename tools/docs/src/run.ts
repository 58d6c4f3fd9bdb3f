import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Sample, withClaims } from './sample.ts';

/** Beside `samples`, where the compiler sees them (see `compile.ts`), so that imports resolve alike. */
const folder = fileURLToPath(new URL('../samples', import.meta.url));

let count = 0;

/** Runs a sample as a module of its own; rejects with what it throws, or with the first claim that is not true. */
export async function run(sample: Sample): Promise<void> {
  count += 1;
  const file = join(folder, `run-${process.pid}-${count}.ts`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `import { claim, claimPrinted } from '../src/claim.ts'; ${withClaims(sample.code)}\n`);
  try {
    await import(file);
  } finally {
    rmSync(file);
  }
}
