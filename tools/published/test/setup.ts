import { rmSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { missingBackends } from '../src/backend.ts';
import { createConsumer } from '../src/consumer.ts';
import { installToolbox } from '../src/toolbox.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder of a project that has installed the packed tarballs. */
    consumer: string;
  }
}

/** Before all suites: the toolbox and the consumer's project. */
export default async function setup(project: TestProject): Promise<() => void> {
  for (const line of missingBackends()) process.stderr.write(`${line}\n`);
  await installToolbox();
  const consumer = await createConsumer();
  project.provide('consumer', consumer);
  return () => {
    rmSync(consumer, { recursive: true });
  };
}
