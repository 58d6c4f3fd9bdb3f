import {
  DmaFenceContext,
  FenceError,
  mergeFences,
  setWarningHandler,
  type DmaFence,
  type DriverFence,
} from '@dma-fence/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Engine, type EngineEvents } from '../src/engine.ts';
import type { Dependencies, JobRequest } from '../src/job.ts';
import { allocateSurface } from '../src/surface.ts';
import { FakeClock } from './support/fake-clock.ts';
import { FakeFactory } from './support/fake-hardware.ts';
import { FenceCensus } from './support/fence-census.ts';

const PIXELS = allocateSurface(16);

let census: FenceCensus;
let clock: FakeClock;
let factory: FakeFactory;
let mishaps: string[];
let warnings: string[];
let cleanup: Disposable;
let engine: Engine;
let context: DmaFenceContext;
let mine: DmaFence[];

const events: EngineEvents = {
  ran: () => undefined,
  mishap: (kind, line) => mishaps.push(`${kind}: ${line}`),
};

function request(label: string, hangMs = 100): JobRequest {
  const size = { width: 4, height: 4 };
  const work = { pass: 0, pixels: PIXELS, size, band: { top: 0, bottom: 4 }, mischief: undefined };
  return { label, frame: 0, work, submission: {}, hangMs };
}

function submit(label: string, after: Dependencies = {}): DmaFence {
  const fence = engine.submit(request(label), after);
  mine.push(fence);
  return fence;
}

function outside(): DriverFence {
  const fence = context.createFence();
  mine.push(fence);
  return fence;
}

function merged(fences: DmaFence[]): DmaFence {
  const all = mergeFences(fences);
  mine.push(all);
  return all;
}

function data(...fences: DmaFence[]): Dependencies {
  return { data: merged(fences) };
}

function order(...fences: DmaFence[]): Dependencies {
  return { order: merged(fences) };
}

/** Lets promises that are due run; nothing here waits for time. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

beforeEach(() => {
  census = new FenceCensus();
  warnings = [];
  cleanup = setWarningHandler((message) => warnings.push(message));
  clock = new FakeClock();
  factory = new FakeFactory();
  mishaps = [];
  mine = [];
  context = new DmaFenceContext({ driverName: 'test', timelineName: 'cpu' });
  engine = new Engine('engine-0', factory.start, clock, events);
});

afterEach(async () => {
  await engine.stop();
  // Containers last: they have no signal() of their own.
  for (const fence of mine) if (fence.context === context) (fence as DriverFence).signal();
  for (const fence of mine) fence.put();
  expect(census.alive).toEqual([]);
  expect(warnings).toEqual([]);
  expect(clock.timers).toBe(0);
  census[Symbol.dispose]();
  cleanup[Symbol.dispose]();
});

describe('order', () => {
  it('signals a fence when the engine says so, not before', () => {
    const fence = submit('a');
    expect(fence.status).toBe('pending');
    factory.current.finish();
    expect(fence.status).toBe('signaled');
  });

  it('keeps two jobs in the ring and the others in the queue', () => {
    for (const label of ['a', 'b', 'c', 'd']) submit(label);
    expect(factory.current.seqnos).toEqual([1, 2]);
    factory.current.finish();
    expect(factory.current.seqnos).toEqual([2, 3]);
  });

  it('a job waits for what it reads and for what it overwrites', () => {
    const [input, reader] = [outside(), outside()];
    submit('a', { data: input, order: reader });
    reader.signal();
    expect(factory.current.seqnos).toEqual([]);
    input.signal();
    expect(factory.current.seqnos).toEqual([1]);
  });

  it('a job whose dependencies are over runs at once', () => {
    const input = outside();
    input.signal();
    submit('a', data(input));
    expect(factory.current.seqnos).toEqual([1]);
  });

  it('nothing overtakes a job that waits', () => {
    const input = outside();
    submit('a', data(input));
    submit('b');
    expect(factory.current.seqnos).toEqual([]);
    input.signal();
    expect(factory.current.seqnos).toEqual([1, 2]);
  });

  it('a job may depend on one before it in the same queue', () => {
    const first = submit('a');
    submit('b', data(first));
    expect(factory.current.seqnos).toEqual([1]);
    factory.current.finish();
    expect(factory.current.seqnos).toEqual([2]);
  });

  it('an interrupt stands for all jobs before it, too', () => {
    const [a, b] = [submit('a'), submit('b')];
    factory.current.finishSilently();
    factory.current.finish();
    expect([a.status, b.status]).toEqual(['signaled', 'signaled']);
  });

  it('an interrupt about a job that is not in the ring changes nothing', () => {
    const a = submit('a');
    const hardware = factory.current;
    hardware.push({ ...hardware.begin(), seqno: 99 });
    hardware.ring.shift();
    hardware.finish();
    expect(a.status).toBe('pending');
  });
});

describe('failure', () => {
  it('a job that throws fails with EIO and its own words; the engine goes on', () => {
    const [a, b] = [submit('a'), submit('b')];
    factory.current.throw('bad band');
    expect(a.error?.code).toBe('EIO');
    expect(a.error?.message).toContain('bad band');
    factory.current.finish();
    expect(b.status).toBe('signaled');
    expect(factory.started).toHaveLength(1);
    expect(mishaps).toEqual(['threw: a: bad band']);
  });

  it('what reads a failed result does not run, and fails with the original error', () => {
    const input = outside();
    const job = submit('a', data(input));
    const next = submit('b', data(job));
    const error = new FenceError('ETIME', 'it hung');
    input.fail(error);
    expect(job.error).toBe(error);
    expect(next.error).toBe(error);
    expect(factory.current.seqnos).toEqual([]);
  });

  it('with its first failed job the rest of a submission fails, so the newest fence tells of all', () => {
    const submission = {};
    const [a, b, c] = ['a', 'b', 'c'].map((label) => {
      const fence = engine.submit({ ...request(label), submission }, {});
      mine.push(fence);
      return fence;
    });
    const other = submit('d');
    factory.current.throw('bad band');
    for (let job = 2; job <= 4; job += 1) factory.current.finish();
    expect([b?.error, c?.error]).toEqual([a?.error, a?.error]);
    expect(other.status).toBe('signaled');
  });

  it('what only overwrites the buffers of a failed job runs all the same', () => {
    const before = outside();
    submit('a', order(before));
    before.fail('EIO');
    expect(factory.current.seqnos).toEqual([1]);
  });

  it('the first of several errors wins', () => {
    using other = new DmaFenceContext({ driverName: 'test', timelineName: 'other' }).createFence();
    const [early, late] = [outside(), other];
    const job = submit('a', data(late, early));
    early.fail('ENODATA');
    late.fail('EIO');
    expect(job.error?.code).toBe('ENODATA');
  });

  it('a job that cannot run fails in its turn: fences signal in order', () => {
    const input = outside();
    const first = submit('a');
    const second = submit('b', data(input));
    input.fail('EIO');
    expect(second.status).toBe('pending');
    factory.current.finish();
    expect([first.status, second.status]).toEqual(['signaled', 'failed']);
  });
});

describe('the watchdog', () => {
  it('fails a hung job with ETIME, after its thread has stopped and not before', async () => {
    let stopThread = (): void => undefined;
    factory.stopGate = new Promise((resolve) => (stopThread = resolve));
    await engine.stop();
    engine = new Engine('engine-0', factory.start, clock, events);
    const job = submit('a');
    factory.current.begin();
    clock.advance(100);
    await settle();
    expect(job.status).toBe('pending');
    stopThread();
    await settle();
    expect(job.error?.code).toBe('ETIME');
    expect(job.error?.message).toContain('a hung for more than 100 ms on engine-0');
    expect(mishaps).toHaveLength(1);
  });

  it('starts the engine anew, with what was lost and with what still waits', async () => {
    const [hung, lost, queued] = [submit('a'), submit('b'), submit('c')];
    factory.current.begin();
    clock.advance(100);
    await settle();
    expect(factory.started).toHaveLength(2);
    expect(factory.started[0]?.stopped).toBe(true);
    expect(hung.status).toBe('failed');
    expect(factory.current.seqnos).toEqual([2, 3]);
    factory.current.finish();
    factory.current.finish();
    expect([lost.status, queued.status]).toEqual(['signaled', 'signaled']);
    expect(engine.stats.restarts).toBe(1);
  });

  it('dependants of a hung job fail with the original error', async () => {
    const hung = submit('a');
    const dependant = submit('b', data(hung));
    factory.current.begin();
    clock.advance(100);
    await settle();
    expect(dependant.error).toBe(hung.error);
  });

  it('a job that was finished but not reported is done, not hung', async () => {
    const [finished, hung, last] = [submit('a'), submit('b'), submit('c')];
    submit('d', data(last));
    factory.current.finishSilently();
    factory.current.begin();
    clock.advance(100);
    await settle();
    expect([finished.status, hung.status, last.status]).toEqual(['signaled', 'failed', 'pending']);
    expect(factory.current.seqnos).toEqual([3]);
  });

  it('fences signal in order through a reset, whatever wakes up by them', async () => {
    const signaled: number[] = [];
    const fences = [submit('a'), submit('b')];
    fences.push(submit('c', data(fences[0] as DmaFence)), submit('d', data(fences[1] as DmaFence)));
    for (const fence of fences) fence.addCallback(({ seqno }) => signaled.push(seqno));
    factory.current.finishSilently();
    factory.current.begin();
    clock.advance(100);
    await settle();
    factory.current.finish();
    expect(signaled).toEqual([1, 2, 3, 4]);
    expect(fences.map(({ status }) => status)).toEqual(['signaled', 'failed', 'signaled', 'failed']);
  });

  it('is patient with a job that its thread has not come to: a busy machine is no hang', async () => {
    const job = submit('a');
    for (let timeout = 1; timeout < 10; timeout += 1) clock.advance(100);
    await settle();
    expect(factory.started).toHaveLength(1);
    factory.current.finish();
    expect(job.status).toBe('signaled');
  });

  it('but not for ever', async () => {
    const job = submit('a');
    for (let start = 1; start <= 3; start += 1) {
      expect(job.status).toBe('pending');
      expect(factory.started).toHaveLength(start);
      for (let timeout = 1; timeout <= 10; timeout += 1) clock.advance(100);
      await settle();
    }
    expect(job.error?.code).toBe('ETIME');
  });

  it('an interrupt that comes after the bark comes too late', async () => {
    const job = submit('a');
    const hardware = factory.current;
    hardware.begin();
    clock.advance(100);
    hardware.throw('too late');
    await settle();
    expect(job.error?.code).toBe('ETIME');
  });

  it('watches the running job only, each with its own time', () => {
    submit('a');
    submit('b');
    clock.advance(90);
    factory.current.finish();
    clock.advance(90);
    expect(factory.started[0]?.stopped).toBe(false);
    factory.current.finish();
    expect(clock.timers).toBe(0);
  });
});

describe('death', () => {
  it('the job in which an engine dies fails with EIO; the engine comes back', async () => {
    const [victim, next] = [submit('a'), submit('b')];
    factory.current.begin();
    factory.current.die('it exited, code 70');
    await settle();
    expect(victim.error?.code).toBe('EIO');
    expect(victim.error?.message).toContain('it exited, code 70');
    factory.current.finish();
    expect(next.status).toBe('signaled');
  });

  it('an engine that dies idle is lost: what is submitted to it fails, and nobody hangs', async () => {
    factory.current.die('module not found');
    const job = submit('a');
    expect(job.error?.code).toBe('ENODEV');
    await settle();
    expect(factory.started).toHaveLength(1);
  });
});

describe('stop', () => {
  it('fails everything that is not over with ECANCELED, ascending, and leaves no thread', async () => {
    const signaled: number[] = [];
    const fences = [submit('a'), submit('b'), submit('c'), submit('d', data(outside()))];
    for (const fence of fences) fence.addCallback(({ seqno }) => signaled.push(seqno));
    await engine.stop();
    expect(fences.map(({ error }) => error?.code)).toEqual(Array.from({ length: 4 }, () => 'ECANCELED'));
    expect(signaled).toEqual([1, 2, 3, 4]);
    expect(factory.current.stopped).toBe(true);
  });

  it('waits for a thread that is being reset', async () => {
    let stopThread = (): void => undefined;
    factory.stopGate = new Promise((resolve) => (stopThread = resolve));
    await engine.stop();
    engine = new Engine('engine-0', factory.start, clock, events);
    const job = submit('a');
    factory.current.begin();
    clock.advance(100);
    const stopped = engine.stop();
    await settle();
    expect(job.status).toBe('pending');
    stopThread();
    await stopped;
    expect(job.error?.code).toBe('ECANCELED');
    expect(factory.started).toHaveLength(2);
  });

  it('fails what is submitted afterwards', async () => {
    await engine.stop();
    expect(submit('a').error?.code).toBe('ECANCELED');
  });
});
