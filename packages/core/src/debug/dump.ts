import { FenceError, unfit } from '../error.js';
import { platform } from '../platform.js';
import { namedWaits } from './named.js';
import { pendingFences } from './track.js';

const COLUMNS = ['fence', 'age', 'refs', 'waiters', 'first pending member', 'waits for', 'created at'];

/** An age that a person can read. */
function age(ms: number): string {
  return ms < 10_000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/**
 * Prints every tracked fence that has not signaled, as a table, like debugfs in the kernel.
 *
 * @param print the function that prints. The default is `console.warn`, which writes to standard error.
 * @returns the table.
 * @throws FenceError `EINVAL` for anything but a function. Kernel: `dma_fence_describe`.
 *
 * @example While something hangs
 * ```ts
 * import { DmaFenceContext } from '@dma-fence/core';
 * import { dumpFences, trackFences } from '@dma-fence/core/debug';
 *
 * using tracking = trackFences();
 * const context = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
 * using fence = context.createFence();
 * dumpFences((table) => table.includes(fence.name));
 * fence.signal();
 * ```
 */
export function dumpFences(
  print: (table: string) => void = (table) => {
    platform.warn(table);
  },
): string {
  if (typeof print !== 'function') throw unfit('dumpFences(): print', 'a function', print);
  const rows = pendingFences().map(({ name, ageMs, refCount, waiters, pendingMember, waitsFor, created }) => [
    name,
    age(ageMs),
    String(refCount),
    String(waiters),
    pendingMember ?? '',
    waitsFor ?? '',
    created[0] ?? '',
  ]);
  const columns = COLUMNS.map((title, column) => [title, ...rows.map((row) => row[column] as string)])
    // The first four always say something.
    .filter((cells, column) => column < 4 || cells.slice(1).some((cell) => cell !== ''))
    .map((cells) => cells.map((cell) => cell.padEnd(Math.max(...cells.map(({ length }) => length)))));
  const lines = ['', ...rows].map((_, line) => columns.map((cells) => cells[line]).join('  '));
  const title = `${String(rows.length)} pending ${rows.length === 1 ? 'fence' : 'fences'}`;
  const table = [
    title,
    ...(rows.length === 0 ? [] : lines.map((line) => line.trimEnd())),
    ...namedLines(),
  ].join('\n');
  print(table);
  return table;
}

/** The promises that have a name, one a line. */
function namedLines(): string[] {
  const now = platform.now();
  const lines = [...namedWaits].map(({ what, since, created }) => {
    const [place] = created.lines;
    return `${what}  ${age(now - since)}${place === undefined ? '' : `  ${place}`}`;
  });
  const title = `${String(lines.length)} named ${lines.length === 1 ? 'wait' : 'waits'}`;
  return lines.length === 0 ? [] : [title, ...lines];
}

/** What we use of Node's `process`. */
interface Signals {
  on(signal: string, listener: () => void): void;
  off(signal: string, listener: () => void): void;
}

/**
 * Calls `dumpFences` whenever the process receives a signal: `kill -USR2 <pid>` shows what the process waits for.
 *
 * @param signal the name of the signal, `SIGUSR2` by default.
 * @returns a disposable that removes the handler.
 * @throws FenceError `EINVAL` if the name is not that of a signal, `EOPNOTSUPP` on a platform without signals (a browser).
 *
 * @example For a server
 * ```ts
 * import { dumpOnSignal, trackFences } from '@dma-fence/core/debug';
 *
 * using tracking = trackFences({ stacks: true });
 * using handler = dumpOnSignal();
 * ```
 */
export function dumpOnSignal(signal = 'SIGUSR2'): Disposable {
  // Node takes any name for an event, of which it would never tell.
  if (!/^SIG[A-Z0-9]+$/.test(signal)) {
    throw unfit('dumpOnSignal(): signal', "a signal's name", signal);
  }
  const { process } = globalThis as unknown as { process?: Partial<Signals> };
  if (process?.on === undefined)
    throw new FenceError('EOPNOTSUPP', 'dumpOnSignal(): this platform has no signals');
  const signals = process as Signals;
  const dump = (): void => {
    dumpFences();
  };
  signals.on(signal, dump);
  return {
    [Symbol.dispose]() {
      signals.off(signal, dump);
    },
  };
}
