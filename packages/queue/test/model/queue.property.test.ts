import { DmaFenceContext, type DriverFence } from '@dma-fence/core';
import { JobQueue, type Job, type JobEntity } from '@dma-fence/queue';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NaiveQueue } from './naive-queue.js';
import { CREDITS, ENTITIES, PRIORITIES, programs, type Command, type JobSpec } from './program.js';

const hardware = new DmaFenceContext({ driverName: 'hw', timelineName: 'unit' });

/** Runs programs on the real queue. */
class RealQueue {
  readonly log: string[] = [];
  readonly queue: JobQueue;
  readonly jobs: Job[] = [];
  readonly #held = new Map<Job, DriverFence>();
  readonly #entities: JobEntity[];
  readonly #pauses: Disposable[] = [];
  readonly #pushed = new Set<Job>();
  #over = false;

  constructor(ordered: boolean) {
    this.queue = new JobQueue({ driverName: 'app', timelineName: 'jobs', credits: CREDITS, ordered });
    this.#entities = ordered ? [] : Array.from({ length: ENTITIES }, () => this.queue.entity());
  }

  get state(): string {
    const { waiting, running, creditsInUse } = this.queue;
    return [waiting, running, creditsInUse, this.jobs.map(({ status }) => status).join()].join(' ');
  }

  run(command: Command): void {
    const job = 'at' in command ? this.jobs[command.at % this.jobs.length] : undefined;
    if (command.do === 'submit') this.#push(this.#arm(command.job));
    else if (command.do === 'arm') this.#arm(command.job);
    else if (command.do === 'pause') this.#pauses.push(this.queue.pause());
    else if (command.do === 'resume') this.#pauses.pop()?.[Symbol.dispose]();
    else if (command.do === 'priority') {
      const entity = this.#entities[command.entity];
      if (entity !== undefined) entity.priority = PRIORITIES[command.priority] ?? 'normal';
    } else if (command.do === 'cancelAll') this.queue.cancel();
    else if (job === undefined) return;
    else if (command.do === 'deadline') job.finished.setDeadline(command.deadline);
    else if (command.do === 'push') this.#push(job);
    else if (command.do === 'cancel') job.cancel();
    else if (command.do === 'finish') this.#end(job, (fence) => fence.signal());
    else if (command.do === 'break') this.#end(job, (fence) => fence.fail('EIO'));
    else if (this.#held.has(job)) {
      this.#end(job, (fence) => {
        // Ours as well, so that it is not dropped.
        using _own = fence.get();
        job.abandon();
        fence.signal();
      });
    }
  }

  #arm(spec: JobSpec): Job {
    const { jobs } = this;
    const id = jobs.length;
    const work = (job: Job): DriverFence | undefined => {
      this.log.push(`begin ${String(id)}`);
      for (const command of spec.inside) this.run(command);
      if (spec.work === 'throws') throw new Error('no');
      if (spec.work === 'done') return undefined;
      const fence = hardware.createFence();
      this.#held.set(job, fence.get());
      return fence;
    };
    const after = jobs.length === 0 ? [] : spec.after.map((at) => jobs[at % jobs.length] as Job);
    const options = {
      credits: spec.credits,
      after,
      onDependencyError: spec.anyway ? ('run' as const) : ('fail' as const),
      deadline: spec.deadline,
      priority: spec.priority === undefined ? undefined : PRIORITIES[spec.priority],
    };
    const owner = this.#entities[spec.entity] ?? this.queue;
    const job = owner.job(work, options);
    jobs.push(job);
    job.arm();
    const ended = (): void => {
      const begun = this.log.includes(`begin ${String(id)}`);
      this.log.push(`${begun ? job.status : 'never'} ${String(id)}`);
      // Which of several that never begin is told first is nobody's promise.
      if (begun && !this.#over) for (const command of spec.atEnd) this.run(command);
    };
    if (!job.finished.addCallback(ended)) ended();
    return job;
  }

  #push(job: Job): void {
    if (this.#pushed.has(job)) return;
    this.#pushed.add(job);
    job.push();
  }

  #end(job: Job, end: (fence: DriverFence) => void): void {
    const fence = this.#held.get(job);
    if (fence === undefined) return;
    this.#held.delete(job);
    end(fence);
    fence.put();
  }

  /** Ends all that is left, and checks that nothing is. */
  [Symbol.dispose](): void {
    this.#over = true;
    this.queue[Symbol.dispose]();
    for (const job of this.jobs) this.#end(job, (fence) => fence.signal());
    expect(this.jobs.filter(({ finished }) => !finished.signaled)).toEqual([]);
    expect([this.queue.waiting, this.queue.running, this.queue.creditsInUse]).toEqual([0, 0, 0]);
    for (const job of this.jobs) job[Symbol.dispose]();
    expect(this.jobs.map(({ finished, scheduled }) => finished.refCount + scheduled.refCount)).toEqual(
      this.jobs.map(() => 0),
    );
    expect(hardware.pending).toBe(0);
  }
}

/** Jobs that never begin, one after the other, in any order. */
function sorted(log: readonly string[]): string[] {
  const lines: string[] = [];
  let never: string[] = [];
  for (const line of [...log, '']) {
    if (line.startsWith('never')) never.push(line);
    else {
      lines.push(...never.sort(), line);
      never = [];
    }
  }
  return lines;
}

function sameAsNaive(ordered: boolean): void {
  fc.assert(
    fc.property(programs, (program) => {
      using real = new RealQueue(ordered);
      const naive = new NaiveQueue(ordered);
      for (const command of program) {
        real.run(command);
        naive.run(command);
        expect(sorted(real.log)).toEqual(sorted(naive.log));
        expect(real.state).toBe(naive.state);
      }
    }),
    { numRuns: Number(process.env['RUNS'] ?? 400) },
  );
}

test('a queue with streams does what a naive one does, also from inside of work and callbacks', () => {
  sameAsNaive(false);
});

test('so does an ordered one', () => {
  sameAsNaive(true);
});
