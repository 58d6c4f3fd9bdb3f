/**
 * Runs one program of the playground in a worker, with the real packages, and tells the page what it prints and what its
 * fences do. A worker can be ended, whatever the program does.
 */
import * as core from '@dma-fence/core';
import * as debug from '@dma-fence/core/debug';
import * as lockdep from '@dma-fence/core/lockdep';
import * as producer from '@dma-fence/core/producer';
import * as shared from '@dma-fence/core/shared';
import * as testing from '@dma-fence/core/testing';
import type { FromRun } from './run.ts';

const MODULES: Readonly<Record<string, unknown>> = {
  '@dma-fence/core': core,
  '@dma-fence/core/debug': debug,
  '@dma-fence/core/lockdep': lockdep,
  '@dma-fence/core/producer': producer,
  '@dma-fence/core/shared': shared,
  '@dma-fence/core/testing': testing,
};

const send = (message: FromRun): void => {
  postMessage(message);
};
const clock = performance.now.bind(performance);
const beganAt = clock();
const now = (): number => clock() - beganAt;

/** A value as `console.log` shows it, in one line where it fits. */
function shown(value: unknown, depth = 0): string {
  if (typeof value === 'string') return depth === 0 ? value : `'${value}'`;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (typeof value === 'bigint') return `${String(value)}n`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map((each) => shown(each, depth + 1)).join(', ')}]`;
  if (depth > 2 || Object.getPrototypeOf(value) !== Object.prototype)
    return Object.prototype.toString.call(value);
  const fields = Object.entries(value).map(([key, each]) => `${key}: ${shown(each, depth + 1)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

for (const level of ['log', 'warn', 'error'] as const)
  console[level] = (...values: unknown[]) => {
    send({ kind: 'print', level, text: values.map((value) => shown(value)).join(' ') });
  };
self.addEventListener('error', (event) => {
  event.preventDefault();
  console.error(event.error ?? event.message);
});
self.addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  console.error(event.reason);
});

const ids = new WeakMap<object, number>();
let last = 0;
core.addFenceTracer({
  init(fence) {
    last += 1;
    ids.set(fence, last);
    const { driverName, timelineName } = fence.context;
    send({ kind: 'fence', id: last, name: fence.name, lane: `${driverName}:${timelineName}`, at: now() });
  },
  signaled(fence) {
    const id = ids.get(fence);
    if (id !== undefined) send({ kind: 'signaled', id, at: now(), error: fence.error?.message });
  },
  waitStart(fence) {
    const on = ids.get(fence);
    if (on === undefined) return undefined;
    last += 1;
    send({ kind: 'wait', id: last, fence: on, at: now() });
    return last;
  },
  waitEnd(_fence, token, outcome) {
    if (typeof token === 'number') send({ kind: 'waited', id: token, at: now(), outcome });
  },
});

function load(specifier: string): unknown {
  if (Object.hasOwn(MODULES, specifier)) return MODULES[specifier];
  throw new Error(`the playground has ${Object.keys(MODULES).join(', ')}, and no ${specifier}`);
}

self.addEventListener('message', ({ data }: MessageEvent<string>) => {
  // The program is the reader's own, and runs in this worker only.
  const AsyncFunction = (async () => {
    await Promise.resolve();
  }).constructor as new (...parts: string[]) => (...values: unknown[]) => Promise<void>;
  void (async () => {
    try {
      await new AsyncFunction('require', 'exports', `${data}\n//# sourceURL=playground.js`)(load, {});
    } catch (error) {
      console.error(error);
    }
    send({ kind: 'done', at: now() });
  })();
});
