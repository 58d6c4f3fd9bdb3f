import { CREDITS, ENTITIES, type Command, type JobSpec } from './program.js';

interface NaiveJob {
  readonly id: number;
  readonly spec: JobSpec;
  readonly stream: number;
  readonly after: readonly NaiveJob[];
  order: number;
  deadline: number;
  pushed: boolean;
  begun: boolean;
  /** Decided: whether it has failed. */
  failed: boolean | undefined;
  ended: boolean;
  told: boolean;
  /** Until its work has returned. */
  working: boolean;
  freed: boolean;
}

/**
 * A queue as the page describes it, with nothing but a list of jobs that is searched from the beginning each time. `ordered` is
 * one ring.
 */
export class NaiveQueue {
  readonly log: string[] = [];
  readonly jobs: NaiveJob[] = [];
  readonly ordered: boolean;
  readonly #priorities = Array.from({ length: ENTITIES }, () => 1);
  #paused = 0;
  #pushed = 0;
  #depth = 0;
  #decisions: NaiveJob[] = [];
  #telling = new Set<number>();

  constructor(ordered: boolean) {
    this.ordered = ordered;
  }

  run(command: Command): void {
    const { jobs } = this;
    const job = 'at' in command && jobs.length > 0 ? jobs[command.at % jobs.length] : undefined;
    if (command.do === 'submit' || command.do === 'arm') {
      const made = this.#arm(command.job);
      if (command.do === 'submit') this.#push(made);
    } else if (command.do === 'push') {
      if (job?.pushed === false) this.#push(job);
    } else {
      this.#enter(() => {
        this.#do(command, job);
      });
    }
  }

  /** What a user can ask. */
  get state(): string {
    const held = this.jobs.filter(({ begun, freed }) => begun && !freed);
    return [
      this.jobs.filter(isWaiting).length,
      held.length,
      held.reduce((sum, { spec }) => sum + spec.credits, 0),
      this.jobs.map(statusOf).join(),
    ].join(' ');
  }

  #enter(call: () => void): void {
    const outer = this.#decisions;
    this.#decisions = [];
    this.#depth++;
    call();
    this.#tellAll();
    this.#decisions = outer;
    this.#depth--;
    if (this.#depth > 0) return;
    this.#depth = 1;
    for (let job = this.#next(); job !== undefined; job = this.#next()) {
      this.#begin(job);
      this.#tellAll();
    }
    this.#depth = 0;
  }

  #do(command: Command, job: NaiveJob | undefined): void {
    if (command.do === 'pause') this.#paused++;
    else if (command.do === 'resume') this.#paused = Math.max(0, this.#paused - 1);
    else if (command.do === 'priority') this.#priorities[command.entity] = command.priority;
    else if (command.do === 'cancelAll')
      for (const one of this.jobs.filter(isWaiting)) this.#decide(one, true);
    else if (job === undefined) return;
    else if (command.do === 'deadline')
      job.deadline = Math.min(job.deadline, job.told ? Infinity : command.deadline);
    else if (command.do === 'cancel' && !job.begun) this.#decide(job, true);
    else if (command.do === 'finish' && runs(job)) this.#end(job, false);
    else if ((command.do === 'break' || command.do === 'abandon') && runs(job)) this.#end(job, true);
  }

  #arm(spec: JobSpec): NaiveJob {
    const after = spec.after.flatMap((at) =>
      this.jobs.length > 0 ? [this.jobs[at % this.jobs.length] as NaiveJob] : [],
    );
    const job: NaiveJob = {
      id: this.jobs.length,
      spec,
      stream: this.ordered ? 0 : spec.entity,
      after,
      order: 0,
      deadline: spec.deadline ?? Infinity,
      pushed: false,
      begun: false,
      failed: undefined,
      ended: false,
      told: false,
      working: true,
      freed: false,
    };
    this.jobs.push(job);
    this.#enter(() => {
      if (!spec.anyway && after.some(({ told, failed }) => told && failed === true)) this.#decide(job, true);
    });
    return job;
  }

  #push(job: NaiveJob): void {
    this.#enter(() => {
      job.pushed = true;
      job.order = ++this.#pushed;
    });
  }

  #decide(job: NaiveJob, failed: boolean): void {
    if (job.failed !== undefined) return;
    job.failed = failed;
    this.#decisions.push(job);
  }

  #end(job: NaiveJob, failed: boolean): void {
    job.ended = true;
    this.#decide(job, failed);
  }

  /** Those of its stream that were armed before. */
  #before(job: NaiveJob): NaiveJob[] {
    return job.stream < 0 ? [] : this.jobs.filter(({ id, stream }) => stream === job.stream && id < job.id);
  }

  #tellAll(): void {
    for (let one = this.#decisions.shift(); one !== undefined; one = this.#decisions.shift()) {
      const { stream } = one;
      if (stream < 0) {
        this.#tell(one);
        continue;
      }
      if (this.#telling.has(stream)) continue;
      this.#telling.add(stream);
      const next = (): NaiveJob | undefined =>
        this.jobs.find(
          (job) =>
            job.stream === stream &&
            job.failed !== undefined &&
            !job.told &&
            this.#before(job).every((before) => before.told),
        );
      for (let job = next(); job !== undefined; job = next()) this.#tell(job);
      this.#telling.delete(stream);
    }
    for (const job of this.jobs) if (job.told && job.ended) job.freed = true;
  }

  #tell(job: NaiveJob): void {
    if (job.told) return;
    job.told = true;
    this.log.push(`${job.begun ? statusOf(job) : 'never'} ${String(job.id)}`);
    if (job.begun) for (const command of job.spec.atEnd) this.run(command);
    if (job.failed !== true) return;
    for (const one of this.jobs) {
      if (one.after.includes(job) && !one.spec.anyway && !one.begun) this.#decide(one, true);
    }
  }

  #next(): NaiveJob | undefined {
    if (this.#paused > 0) return undefined;
    const rank = ({ spec, stream }: NaiveJob): number =>
      this.ordered ? 0 : (spec.priority ?? (stream < 0 ? 1 : (this.#priorities[stream] as number)));
    const deadline = (job: NaiveJob): number => (this.ordered ? 0 : job.deadline);
    const [first] = this.jobs
      .filter((job) => this.#ready(job))
      .sort((a, b) => rank(b) - rank(a) || compare(deadline(a), deadline(b)) || a.order - b.order);
    if (first === undefined) return undefined;
    const inUse = this.jobs
      .filter(({ begun, freed }) => begun && !freed)
      .reduce((sum, { spec }) => sum + spec.credits, 0);
    return first.spec.credits === 0 || inUse + first.spec.credits <= CREDITS ? first : undefined;
  }

  #ready(job: NaiveJob): boolean {
    if (!isWaiting(job)) return false;
    const before = this.#before(job);
    // Those that never begin hold up nobody.
    if (before.some((one) => !one.begun && one.failed === undefined)) return false;
    if (!this.ordered && before.some(({ begun, freed }) => begun && !freed)) return false;
    return job.after.every((on) => on.told || (this.ordered && on.begun));
  }

  #begin(job: NaiveJob): void {
    job.begun = true;
    this.log.push(`begin ${String(job.id)}`);
    for (const command of job.spec.inside) this.run(command);
    job.working = false;
    if (job.spec.work !== 'held') this.#end(job, job.spec.work === 'throws');
  }
}

function isWaiting({ pushed, begun, failed }: NaiveJob): boolean {
  return pushed && !begun && failed === undefined;
}

/** Its work can be ended by the program. */
function runs(job: NaiveJob): boolean {
  return job.begun && !job.working && !job.ended && job.spec.work === 'held';
}

function statusOf(job: NaiveJob): string {
  if (job.told || (job.failed !== undefined && !job.begun))
    return job.failed === true ? 'failed' : 'finished';
  if (job.begun) return 'running';
  return job.pushed ? 'waiting' : 'armed';
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
