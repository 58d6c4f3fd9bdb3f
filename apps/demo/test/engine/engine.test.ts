import { mergeFences, setWarningHandler, type DmaFence } from '@dma-fence/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Engine, type EngineEvents } from '../../src/engine/engine.ts';
import type { JobRequest } from '../../src/engine/job.ts';
import { allocateSurface } from '../../src/picture/surface.ts';
import { WorkRecord, WorkTimeline, workOf, type Dependencies } from '../../src/pipeline/work.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeFactory } from '../support/fake-hardware.ts';

const PIXELS = allocateSurface(16);

let clock: FakeClock;
let factory: FakeFactory;
let mishaps: string[];
let ran: number;
let warnings: string[];
let cleanup: Disposable;
let engine: Engine;
/** Two queues of others. */
let decoder: WorkTimeline;
let copier: WorkTimeline;
let mine: DmaFence[];
let submissions: number;

const events: EngineEvents = {
  ran: () => (ran += 1),
  mishap: (kind, line) => mishaps.push(`${kind}: ${line}`),
};

function request(label: string, hangMs = 100): JobRequest {
  const size = { width: 4, height: 4 };
  const work = { pass: 0, pixels: PIXELS, size, band: { top: 0, bottom: 4 }, mischief: undefined };
  submissions += 1;
  return { label, frame: 0, work, submission: submissions, hangMs };
}

function submit(label: string, after: Dependencies = {}): DmaFence {
  const fence = engine.submit(request(label), after);
  mine.push(fence);
  return fence;
}

function outside(timeline = decoder): DmaFence {
  const fence = timeline.add(new WorkRecord('outside', 0, 0));
  mine.push(fence);
  return fence;
}

function data(...fences: DmaFence[]): Dependencies {
  const merged = mergeFences(fences);
  mine.push(merged);
  return { data: merged };
}

/** Lets promises that are due run; nothing here waits for time. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

function restartWith(stopGate: Promise<void>): void {
  factory.stopGate = stopGate;
  engine = new Engine('engine-0', factory.start, clock, events);
}

beforeEach(() => {
  warnings = [];
  cleanup = setWarningHandler((message) => warnings.push(message));
  clock = new FakeClock();
  factory = new FakeFactory(clock);
  mishaps = [];
  ran = 0;
  submissions = 0;
  mine = [];
  decoder = new WorkTimeline('test', 'decoder');
  copier = new WorkTimeline('test', 'copier');
  engine = new Engine('engine-0', factory.start, clock, events);
});

afterEach(async () => {
  await engine.stop();
  decoder[Symbol.dispose]();
  copier[Symbol.dispose]();
  for (const fence of mine) fence.put();
  expect(warnings).toEqual([]);
  expect(clock.timers).toBe(0);
  cleanup[Symbol.dispose]();
});

describe('order', () => {
  it('signals a fence when the engine does, not before', () => {
    const fence = submit('a');
    expect(fence.status).toBe('pending');
    factory.current.finish();
    expect(fence.status).toBe('signaled');
    expect(ran).toBe(1);
  });

  it('hands every job to the engine at once: what it waits for, it waits for itself', () => {
    submit('a', data(outside()));
    submit('b');
    expect(factory.current.seqnos).toEqual([1, 2]);
    expect(factory.current.ready).toBe(false);
  });

  it('a job waits for what it reads and for what it overwrites', () => {
    const [input, reader] = [outside(), outside(copier)];
    submit('a', { data: input, order: reader });
    copier.shared.advanceTo(1);
    expect(factory.current.ready).toBe(false);
    decoder.shared.advanceTo(1);
    expect(factory.current.ready).toBe(true);
  });

  it('a job may depend on one before it in the same ring', () => {
    const first = submit('a');
    submit('b', data(first));
    factory.current.finish();
    factory.current.finish();
    expect(mine.at(-2)?.status).toBe('signaled');
  });

  it('writes down when a job began and ended, and says at the end if asked to', () => {
    let told = 0;
    const fence = engine.submit({ ...request('a'), onMessage: () => (told += 1) }, {});
    mine.push(fence);
    clock.advance(5);
    factory.current.finish();
    expect(workOf(fence)).toMatchObject({ label: 'a', queuedAt: 0, startedAt: 5, endedAt: 5 });
    expect(told).toBe(1);
    expect(engine.stats).toMatchObject({ jobs: 1, waitingMs: 5, longestStallMs: 5 });
  });
});

describe('failure', () => {
  it('a job that throws fails with EIO and its words are told; the engine goes on', () => {
    const [a, b] = [submit('a'), submit('b')];
    factory.current.throw();
    expect(a.error?.code).toBe('EIO');
    factory.current.finish();
    expect(b.status).toBe('signaled');
    expect(factory.started).toHaveLength(1);
    expect(mishaps).toEqual(['threw: a: chaos: blur across threw']);
  });

  it('what reads a failed result does not run, and fails with the same error', () => {
    const job = submit('a', data(outside()));
    const next = submit('b', data(job));
    decoder.shared.advanceTo(1, 'ENODATA');
    factory.current.finish();
    factory.current.finish();
    expect([job.error?.code, next.error?.code]).toEqual(['ENODATA', 'ENODATA']);
    expect([job, next].map((fence) => workOf(fence)?.startedAt)).toEqual([undefined, undefined]);
    expect(ran).toBe(0);
  });

  it('also when it failed before the job was submitted', () => {
    const input = outside();
    decoder.shared.advanceTo(1, 'ETIME');
    const job = submit('a', data(input));
    factory.current.finish();
    expect(job.error?.code).toBe('ETIME');
  });

  it('with its first failed job the rest of a submission fails, so the newest fence tells of all', () => {
    const { submission } = request('');
    const [a, b, c] = ['a', 'b', 'c'].map((label) => {
      const fence = engine.submit({ ...request(label), submission }, {});
      mine.push(fence);
      return fence;
    });
    const other = submit('d');
    factory.current.throw();
    for (let job = 2; job <= 4; job += 1) factory.current.finish();
    expect([a, b, c].map((fence) => fence?.error?.code)).toEqual(['EIO', 'EIO', 'EIO']);
    expect(other.status).toBe('signaled');
  });

  it('what only overwrites the buffers of a failed job runs all the same', () => {
    const job = submit('a', { order: outside() });
    decoder.shared.advanceTo(1, 'EIO');
    factory.current.finish();
    expect(job.status).toBe('signaled');
  });
});

describe('the watchdog', () => {
  it('fails a hung job with ETIME, after its thread has stopped and not before', async () => {
    let stopThread = (): void => undefined;
    await engine.stop();
    restartWith(new Promise((resolve) => (stopThread = resolve)));
    const job = submit('a');
    factory.current.begin();
    clock.advance(100);
    await settle();
    expect(job.status).toBe('pending');
    stopThread();
    await settle();
    expect(job.error?.code).toBe('ETIME');
    expect(mishaps).toEqual(['hung: a hung for more than 100 ms on engine-0; the engine was reset']);
  });

  it('starts the engine anew, with what was lost', async () => {
    const [hung, lost, last] = [submit('a'), submit('b'), submit('c')];
    factory.current.begin();
    clock.advance(100);
    await settle();
    expect(factory.started.map(({ stopped }) => stopped)).toEqual([true, false]);
    expect(hung.status).toBe('failed');
    expect(factory.current.seqnos).toEqual([2, 3]);
    factory.current.finish();
    factory.current.finish();
    expect([lost.status, last.status]).toEqual(['signaled', 'signaled']);
    expect(engine.stats.restarts).toBe(1);
  });

  it('the rest of a submission is lost with its hung job, in the new thread, too', async () => {
    const { submission } = request('');
    const [hung, rest] = ['a', 'b'].map((label) => {
      const fence = engine.submit({ ...request(label), submission }, {});
      mine.push(fence);
      return fence;
    });
    factory.current.begin();
    clock.advance(100);
    await settle();
    factory.current.finish();
    expect([hung?.error?.code, rest?.error?.code]).toEqual(['ETIME', 'ETIME']);
  });

  it('a job has its time from when it began: one that is about to be late is not yet', async () => {
    const job = submit('a');
    clock.advance(60);
    factory.current.begin();
    clock.advance(99);
    await settle();
    expect([factory.started.length, job.status]).toEqual([1, 'pending']);
    clock.advance(1);
    await settle();
    expect(job.error?.code).toBe('ETIME');
  });

  it('a job that waits for others does not hang, however long that takes', async () => {
    const job = submit('a', data(outside()));
    factory.current.take();
    clock.advance(100_000);
    await settle();
    expect(factory.started).toHaveLength(1);
    decoder.shared.advanceTo(1);
    factory.current.finish();
    expect(job.status).toBe('signaled');
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

  it('what a thread says after the bark comes too late', async () => {
    const job = submit('a');
    const hardware = factory.current;
    hardware.begin();
    clock.advance(100);
    hardware.die('it exited');
    await settle();
    expect(job.error?.code).toBe('ETIME');
    expect(mishaps).toHaveLength(1);
  });
});

describe('death', () => {
  it('the job in which an engine dies fails with EIO; the engine comes back, and owes the rest', async () => {
    const [victim, next] = [submit('a'), submit('b')];
    factory.current.begin();
    factory.current.die('it exited, code 70');
    await settle();
    expect(victim.error?.code).toBe('EIO');
    expect(mishaps).toEqual([
      'died: a took its engine down (it exited, code 70) on engine-0; the engine was reset',
    ]);
    expect(next.status).toBe('pending');
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
    await engine.stop();
    restartWith(new Promise((resolve) => (stopThread = resolve)));
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
