import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { DmaFenceContext, type DriverFence } from '@dma-fence/core';
import {
  lockdep,
  type LockdepOptions,
  type LockdepReport,
  type LockdepSession,
} from '@dma-fence/core/lockdep';
import { onTestFinished } from 'vitest';

/** The validator for the time of a test. */
export function watch(options: LockdepOptions = {}): LockdepSession {
  const session = lockdep.enable({ onReport: () => undefined, ...options });
  onTestFinished(() => {
    session[Symbol.dispose]();
  });
  return session;
}

/** What was found, by kind. */
export function kinds({ reports }: { reports: readonly LockdepReport[] }): string[] {
  return reports.map(({ kind }) => kind);
}

/** A fence of a context of its own, so that nothing depends on what other tests made. */
export function fence(timelineName = 'ring0'): DriverFence<undefined> {
  return new DmaFenceContext({ driverName: 'gpu', timelineName }).createFence();
}

/** A fence that has signaled: whoever waits for it goes on at once. */
export function done(timelineName?: string): DriverFence<undefined> {
  const made = fence(timelineName);
  made.signal();
  return made;
}

/** One trip around the event loop: timers, messages and all microtasks before them. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

/** Runs the collector until `until` says so, or it plainly will not. */
export async function collect(until: () => boolean): Promise<void> {
  for (let round = 0; round < 50 && !until(); round++) {
    gc();
    await turn();
  }
}

/** A module of core that is not public, from what the suite runs on: sources, or what is published. */
export async function internal<M>(name: string): Promise<M> {
  const file = process.env['TEST_DIST'] === '1' ? `../../dist/${name}.js` : `../../src/${name}.ts`;
  return (await import(/* @vite-ignore */ new URL(file, import.meta.url).href)) as M;
}
