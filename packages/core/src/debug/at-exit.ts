import { checkOptions, FenceError, unfit } from '../error.js';
import { dumpFences } from './dump.js';
import { namedWaits } from './named.js';
import { pendingFences, trackFences } from './track.js';

/**
 * Options of `dumpAtExit`.
 *
 * @example To a stream of one's own
 * ```ts
 * import type { DumpAtExitOptions } from '@dma-fence/core/debug';
 *
 * const lines: string[] = [];
 * const options: DumpAtExitOptions = { stream: { write: (text) => lines.push(text) } };
 * ```
 */
export interface DumpAtExitOptions {
  /** Receives the table as one text. Default: standard error. It must write at once, because the process is about to end. */
  stream?: { write(text: string): unknown } | undefined;
}

/** What we use of Node's `process`. */
interface Process {
  readonly pid: number;
  readonly stderr: { write(text: string): unknown };
  on(event: string, listener: () => void): void;
  off(event: string, listener: () => void): void;
  listenerCount(event: string): number;
  kill(pid: number, signal: string): void;
}

const SIGNALS = ['SIGTERM', 'SIGINT'];

/**
 * Prints the pending fences and named promises when the process ends. If nothing is pending, it prints nothing.
 *
 * The process may end because nothing is left to do (Node's exit code 13), by `process.exit()`, by an uncaught error, or by `SIGTERM` or
 * `SIGINT`. The end itself is unchanged. From now on fences are tracked, with the places of their creation.
 *
 * @param options where the table goes.
 * @returns a disposable that undoes this.
 * @throws FenceError `EINVAL` for wrong options, `EOPNOTSUPP` where there is no process (a browser).
 *
 * @example At the top of a script
 * ```ts
 * import { dumpAtExit } from '@dma-fence/core/debug';
 *
 * using dumping = dumpAtExit();
 * ```
 */
export function dumpAtExit(options: DumpAtExitOptions = {}): Disposable {
  checkOptions('dumpAtExit()', options, ['stream']);
  const { process } = globalThis as unknown as { process?: Process };
  if (typeof process?.on !== 'function') {
    throw new FenceError('EOPNOTSUPP', 'dumpAtExit(): this platform has no process that ends');
  }
  const { stream = process.stderr } = options;
  if (typeof (stream as Partial<typeof stream> | null)?.write !== 'function') {
    throw unfit('dumpAtExit(): stream', '{ write(text) }', stream);
  }
  const tracking = trackFences({ stacks: true });
  let done = false;
  const dump = (): void => {
    if (done || (pendingFences().length === 0 && namedWaits.size === 0)) return;
    done = true;
    dumpFences((table) => stream.write(`\nThe process ends, and somebody may still wait:\n${table}\n`));
  };
  const handlers = SIGNALS.map((signal) => {
    const handler = (): void => {
      dump();
      // Nobody else decides what the signal does: it ends the process, as it would have.
      if (process.listenerCount(signal) > 1) return;
      process.off(signal, handler);
      process.kill(process.pid, signal);
    };
    return { signal, handler };
  });
  process.on('exit', dump);
  for (const { signal, handler } of handlers) process.on(signal, handler);
  return {
    [Symbol.dispose]() {
      process.off('exit', dump);
      for (const { signal, handler } of handlers) process.off(signal, handler);
      tracking[Symbol.dispose]();
    },
  };
}
