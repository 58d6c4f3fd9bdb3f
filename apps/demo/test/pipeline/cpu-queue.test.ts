import type { DmaFence } from '@dma-fence/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CpuQueue } from '../../src/pipeline/cpu-queue.ts';
import { workOf } from '../../src/pipeline/work.ts';

let uploads: CpuQueue;
let others: CpuQueue;
let mine: DmaFence[];

beforeEach(() => {
  uploads = new CpuQueue('upload-0');
  others = new CpuQueue('readback-0');
  mine = [];
});

afterEach(() => {
  uploads[Symbol.dispose]();
  others[Symbol.dispose]();
  for (const fence of mine) fence.put();
});

function submit<I>(queue: CpuQueue, input: Promise<I>, after = {}): { fence: DmaFence; result: Promise<I> } {
  const job = queue.submit('copy', 2, after, input, (given) => given);
  mine.push(job.fence);
  return job;
}

describe('CpuQueue', () => {
  it('does work when its input is there, and hands on what came of it', async () => {
    const { fence, result } = submit(uploads, Promise.resolve('pixels'));
    expect(fence.status).toBe('pending');
    expect(await result).toBe('pixels');
    expect(fence.status).toBe('signaled');
    expect(workOf(fence)).toMatchObject({ label: 'copy', frame: 2 });
    expect(workOf(fence)?.endedAt).toBeGreaterThanOrEqual(workOf(fence)?.startedAt ?? Infinity);
  });

  it('is in order, also where a later input comes first or fails at once', async () => {
    let arrive: (what: string) => void = () => undefined;
    const first = submit(uploads, new Promise<string>((resolve) => (arrive = resolve)));
    const second = submit(uploads, Promise.reject<string>(new Error('cut short')));
    const third = submit(uploads, Promise.resolve('c'));
    const outcome = expect(second.result).rejects.toThrow('cut short');
    await new Promise(setImmediate);
    expect([first, second, third].map(({ fence }) => fence.status)).toEqual([
      'pending',
      'pending',
      'pending',
    ]);
    arrive('a');
    await outcome;
    expect(await third.result).toBe('c');
    expect([first, second, third].map(({ fence }) => fence.error?.code)).toEqual([
      undefined,
      'EIO',
      undefined,
    ]);
  });

  it('fails with what its input data failed with; how those before it on the buffer ended is nothing to it', async () => {
    const bad = submit(others, Promise.reject<string>(new Error('it threw')));
    const reader = submit(uploads, Promise.resolve('b'), { data: bad.fence });
    const writer = submit(uploads, Promise.resolve('c'), { order: bad.fence });
    await expect(reader.result).rejects.toMatchObject({ code: 'EIO' });
    expect(reader.fence.error?.code).toBe('EIO');
    expect(await writer.result).toBe('c');
    expect(writer.fence.status).toBe('signaled');
  });

  it('what is not over when it ends fails, and what comes late changes nothing', async () => {
    let arrive: (what: string) => void = () => undefined;
    const late = submit(uploads, new Promise<string>((resolve) => (arrive = resolve)));
    uploads[Symbol.dispose]();
    expect(late.fence.error?.code).toBe('ECANCELED');
    arrive('too late');
    expect(await late.result).toBe('too late');
    expect(late.fence.error?.code).toBe('ECANCELED');
  });
});
