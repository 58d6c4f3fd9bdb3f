import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, isDeepStrictEqual, inspect } from 'node:util';
import { type Sample, withClaims } from './sample.ts';

/** Beside `samples`, where the compiler sees them (see `compile.ts`), so that imports resolve alike. */
const folder = fileURLToPath(new URL('../samples', import.meta.url));

let count = 0;

/** Runs a sample as a module of its own; rejects with what it throws, or with the first claim that is not true. */
export async function run(sample: Sample): Promise<void> {
  count += 1;
  const file = join(folder, `run-${process.pid}-${count}.ts`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `import { claim, claimPrinted } from '../src/run.ts'; ${withClaims(sample.code)}\n`);
  try {
    await import(file);
  } finally {
    rmSync(file);
  }
}

/** Passes a value on if it is the one that the comment beside it claims. */
export function claim<T>(value: T, claimed: unknown): T {
  if (!isDeepStrictEqual(value, claimed)) {
    throw new Error(`the comment says ${inspect(claimed)}, but the value is ${inspect(value)}`);
  }
  return value;
}

/** The same for what `console.log` would print. */
export function claimPrinted(values: readonly unknown[], claimed: string): void {
  claim(format(...values), claimed);
}
