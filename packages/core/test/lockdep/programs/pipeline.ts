import { beginSignalling, DmaFenceContext, FenceTimeline, waitAll, type DmaFence } from '@dma-fence/core';
import { lockdep } from '@dma-fence/core/lockdep';
import { Mutex } from 'async-mutex';
import { tick, type Program } from './program.js';

/** Two stages, each a queue of jobs; a job may depend on one of the other stage. */
class Stage {
  readonly context: DmaFenceContext;

  constructor(timelineName: string) {
    this.context = new DmaFenceContext({ driverName: 'codec', timelineName });
  }

  run(...dependencies: DmaFence[]): DmaFence {
    const done = this.context.createFence();
    void done.signalAfter(async () => {
      await waitAll(dependencies);
      await tick();
    });
    return done;
  }
}

async function transcode(feedback: boolean): Promise<void> {
  const [decoder, encoder] = [new Stage('decode'), new Stage('encode')];
  let previous: DmaFence | undefined;
  for (let frame = 0; frame < 4; frame++) {
    const decoded = feedback && previous !== undefined ? decoder.run(previous) : decoder.run();
    previous = encoder.run(decoded);
  }
  await previous?.wait();
}

/** A ring of slots: who submits takes a slot, and waits for the oldest job when there is none. */
class Ring {
  readonly slots = lockdep.classOf('ring slots');
  readonly timeline = new FenceTimeline({ driverName: 'dma', timelineName: 'ring' });
  readonly busy: DmaFence[] = [];
  readonly waitUnderLock: boolean;

  constructor(waitUnderLock: boolean) {
    this.waitUnderLock = waitUnderLock;
  }

  async submit(): Promise<void> {
    const held = lockdep.acquire(this.slots);
    const oldest = this.busy.length >= 2 ? this.busy.shift() : undefined;
    if (oldest !== undefined && this.waitUnderLock) await oldest.wait();
    lockdep.release(held);
    if (oldest !== undefined && !this.waitUnderLock) await oldest.wait();
    this.busy.push(this.timeline.createFence());
  }

  /** The completion interrupt. */
  interrupt(): void {
    using _section = beginSignalling();
    const held = lockdep.acquire(this.slots);
    const value = this.timeline.context.lastSeqno;
    lockdep.release(held);
    this.timeline.advanceTo(value);
  }
}

async function ring(waitUnderLock: boolean): Promise<void> {
  const own = new Ring(waitUnderLock);
  for (let job = 0; job < 6; job++) {
    await own.submit();
    own.interrupt();
  }
}

/** A queue that can be flushed; one of its jobs flushes it. */
class FlushQueue {
  readonly context = new DmaFenceContext({ driverName: 'store', timelineName: 'log' });
  readonly pending = new Set<DmaFence>();

  push(work: (done: DmaFence) => Promise<void>): Promise<void> {
    const done = this.context.createFence();
    this.pending.add(done);
    return done
      .signalAfter(() => work(done))
      .finally(() => {
        this.pending.delete(done);
      });
  }

  async flush(except?: DmaFence, limit?: AbortSignal): Promise<void> {
    const others = [...this.pending].filter((fence) => fence !== except);
    if (limit === undefined) await waitAll(others);
    else await waitAll(others, { signal: limit }).catch(() => undefined);
  }
}

async function checkpoint(withItself: boolean): Promise<void> {
  const queue = new FlushQueue();
  const entry = queue.push(() => tick());
  // A checkpoint is an entry like any other. Somebody gives up in time, so nothing hangs.
  const patience = new AbortController();
  const mark = queue.push((done) => queue.flush(withItself ? undefined : done, patience.signal));
  await entry;
  await tick();
  patience.abort();
  await mark;
}

/** Workers that pull jobs from one list, under a lock, and note results in a second one. */
async function workers(reversed: boolean): Promise<void> {
  const [jobs, results] = [lockdep.wrap(new Mutex(), 'jobs'), lockdep.wrap(new Mutex(), 'results')];
  const list = [1, 2, 3, 4, 5, 6];
  const sums: number[] = [];
  async function worker(): Promise<void> {
    for (;;) {
      const job = await jobs.runExclusive(() => list.shift());
      if (job === undefined) return;
      await tick();
      await results.runExclusive(async () => {
        sums.push(job * job);
        if (reversed && job === 6) await jobs.runExclusive(() => list.length);
      });
    }
  }
  async function snapshot(): Promise<void> {
    await jobs.runExclusive(() => results.runExclusive(() => [list.length, sums.length]));
  }
  await Promise.all([worker(), worker(), worker()]);
  await snapshot();
}

/** A stage that ends its sections by hand, in a loop with an early way out. */
async function drain(early: boolean): Promise<void> {
  const context = new DmaFenceContext({ driverName: 'codec', timelineName: 'drain' });
  const queue = [context.createFence(), context.createFence(), context.createFence()];
  async function* batches(): AsyncGenerator<typeof queue> {
    for (const fence of queue) {
      await tick();
      yield [fence];
    }
  }
  for await (const batch of batches()) {
    const section = beginSignalling();
    for (const fence of batch) fence.signal();
    if (early && batch[0] === queue[1]) continue;
    section.end();
  }
}

export const pipelinePrograms: Program[] = [
  {
    name: 'a codec whose decoder waits for its encoder and the other way round',
    wrong: 'lock-order',
    options: { fenceClasses: 'context' },
    run: () => transcode(true),
  },
  {
    name: 'a codec whose stages wait in one direction',
    wrong: undefined,
    options: { fenceClasses: 'context' },
    run: () => transcode(false),
  },
  {
    name: 'a ring that waits for a slot under the lock its interrupt takes',
    wrong: 'lock-under-wait',
    run: () => ring(true),
  },
  { name: 'a ring that waits for a slot without the lock', wrong: undefined, run: () => ring(false) },
  { name: 'a log whose checkpoint waits for itself', wrong: 'self-wait', run: () => checkpoint(true) },
  { name: 'a log whose checkpoint waits for all others', wrong: undefined, run: () => checkpoint(false) },
  {
    name: 'workers that look at the jobs while they note a result',
    wrong: 'lock-order',
    run: () => workers(true),
  },
  { name: 'workers that never hold the results first', wrong: undefined, run: () => workers(false) },
  {
    name: 'a loop that leaves a section open on its early way out',
    wrong: 'open-section',
    run: () => drain(true),
  },
  { name: 'a loop that ends its section on every way', wrong: undefined, run: () => drain(false) },
];
