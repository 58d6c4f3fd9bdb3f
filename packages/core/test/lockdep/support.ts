import type { DriverFence } from '@dma-fence/core';
import {
  lockdep,
  type LockdepOptions,
  type LockdepReport,
  type LockdepSession,
} from '@dma-fence/core/lockdep';
import { onTestFinished } from 'vitest';
import { context, ownContext } from '../support.js';

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

/** A fence of a context of its own, so that nothing depends on what other tests made; lent, see `context`. */
export function fence(timelineName = 'ring0'): DriverFence<undefined> {
  return context({ timelineName }).createFence();
}

/** The same for a test that lets go of it. */
export function ownFence(timelineName = 'ring0'): DriverFence<undefined> {
  return ownContext({ timelineName }).createFence();
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
    setTimeout(resolve);
  });
}
