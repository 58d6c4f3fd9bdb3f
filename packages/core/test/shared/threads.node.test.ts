import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { waitAll } from '@dma-fence/core';
import { SharedTimeline } from '@dma-fence/core/shared';
import { describe, expect, onTestFinished, test } from 'vitest';
import { AWAITED, VALUE } from '../../src/shared/block.js';
import { runKills } from '../../stress/kills.js';
import { heapGrowth } from '../../stress/memory.js';
import { runPipeline } from '../../stress/pipeline.js';
import { startWorker } from '../../stress/worker.js';
import { rejection } from '../support.js';

const children = fileURLToPath(new URL('children/', import.meta.url));

/** Runs `children/main.js`; answers with what it printed and how it ended. */
function child(mode: string): Promise<{ printed: string; code: number | null }> {
  return new Promise((resolve) => {
    const running = execFile(process.execPath, [`${children}main.js`, mode], (_error, stdout, stderr) => {
      resolve({ printed: (stdout + stderr).trim(), code: running.exitCode });
    });
  });
}

describe('a process stays alive exactly while somebody awaits', () => {
  test.each([
    ['await', 'a wait', 'awaited'],
    ['any', 'a wait for one of several', 'any 1'],
    ['poll', 'a wait where there is no Atomics.waitAsync', 'awaited'],
    ['timeout', 'a timeout below a millisecond', 'ETIME'],
    ['blocks', 'a blocking wait on the main thread, which Node allows', 'blocked, then done'],
    ['owner', 'a wait for what a worker owes that is terminated', 'EOWNERDEAD'],
    ['crash', 'a wait for what a worker owes that throws', 'signaled EOWNERDEAD'],
  ])('%s: for %s', async (mode, _what, printed) => {
    expect(await child(mode)).toEqual({ printed, code: 0 });
  });

  test.each([
    ['callback', 'a plain callback', 'registered'],
    ['abort', 'a wait that was given up', 'enough'],
  ])('%s: not for %s', async (mode, _what, printed) => {
    expect(await child(mode)).toEqual({ printed, code: 0 });
  });
});

/** A worker that runs `children/<name>.js`; gone when the test ends. */
function start(name: string, workerData: unknown): Worker {
  const worker = startWorker(`${children}${name}.js`, workerData);
  onTestFinished(async () => {
    await worker.terminate();
  });
  return worker;
}

describe('real threads', () => {
  test('values, errors and results cross threads in both directions', async () => {
    const request = SharedTimeline.create({ driverName: 'test', timelineName: 'request' });
    const reply = SharedTimeline.create({ driverName: 'test', timelineName: 'reply' });
    const worker = start('echo', { request: request.readonlyHandle, reply: reply.handle });
    reply.bindOwner(worker);
    const ends: string[] = [];
    for (let value = 1; value <= 100; value++) {
      using fence = reply.fenceAt(value);
      request.advanceTo(request.reserve(), value % 10 === 0 ? 'ENODATA' : undefined);
      if (value % 2 === 0) {
        await fence.wait().catch(() => undefined);
      } else {
        // Node's main thread may block as well.
        reply.waitSync(value);
      }
      ends.push(fence.error?.code ?? fence.status);
    }
    expect(ends.filter((end) => end === 'ENODATA')).toHaveLength(10);
    expect(ends.filter((end) => end === 'signaled')).toHaveLength(90);
    request[Symbol.dispose]();
    reply[Symbol.dispose]();
  });

  test('what a worker says of an error is its cause in the thread that waits', async () => {
    const own = SharedTimeline.create({ driverName: 'test', timelineName: 'work' });
    own.reserve();
    const worker = start('teller', own.handle);
    own.bindOwner(worker);
    using fence = own.fenceAt(1);
    expect(await rejection(fence.wait())).toMatchObject({
      code: 'EIO',
      cause: { name: 'TypeError', message: 'Expected positive integer for width', code: 'ERR_WIDTH' },
    });
    own[Symbol.dispose]();
  });

  test('a worker that throws while others wait for it keeps nobody waiting', async () => {
    const own = SharedTimeline.create({ driverName: 'test', timelineName: 'work' });
    const fences = [own.fenceAt(own.reserve()), own.fenceAt(own.reserve())];
    const worker = start('thrower', own.handle);
    worker.on('error', () => undefined);
    own.bindOwner(worker, 'EOWNERDEAD');
    expect(await rejection(waitAll(fences))).toMatchObject({ code: 'EOWNERDEAD' });
    expect(fences.map((fence) => fence.status)).toEqual(['signaled', 'failed']);
    own[Symbol.dispose]();
  });

  test('a worker can be terminated while it blocks in waitSync, and leaves nothing behind', async () => {
    const own = SharedTimeline.create({ driverName: 'test', timelineName: 'work' });
    const worker = start('blocker', own.readonlyHandle);
    const words = new Int32Array(own.handle.buffer);
    await new Promise((resolve) => worker.once('message', resolve));
    // It has said so just before it blocks: looked at until it does.
    while ((Atomics.load(words, VALUE) & AWAITED) === 0);
    await worker.terminate();
    using fence = own.fenceAt(1);
    const wait = fence.wait();
    own.advanceTo(1);
    await wait;
    // Nobody is taken for waiting any more.
    expect(Atomics.load(words, VALUE) & AWAITED).toBe(0);
    own[Symbol.dispose]();
  });
});

describe('the stress runs, in short', () => {
  test('40 000 values through four workers across 2^32, blocking and awaiting: nothing lost, nothing twice', async () => {
    const values = 40_000;
    const { waited, values: went } = await runPipeline({ values, initialValue: 2 ** 32 - 20_000 });
    expect(went).toBe(values);
    expect(waited).toEqual([values, values / 4, Math.ceil(values / 7), Math.ceil(values / 997)]);
  });

  test('workers killed at random points leave nothing pending, and nobody hanging', async () => {
    const { kills, seen, ok, failed, told, canceled } = await runKills({ kills: 12, seed: 42 });
    expect(kills).toBe(12);
    expect(seen).toBe(ok + failed + canceled);
    // At most one advance a kill has lost its text, and none of them goes over more than ten values.
    expect(told).toBeGreaterThanOrEqual(failed - 10 * kills);
    // Whoever dies before it has loaded owes both; the others may have finished theirs before they are gone.
    expect(canceled).toBeGreaterThanOrEqual(2);
  });

  test('the memory run refuses to judge where it cannot collect garbage', async () => {
    await expect(heapGrowth(1)).rejects.toThrow('--expose-gc');
  });
});
