import type { DmaFence, FenceError, Owned } from '@dma-fence/core';
import type { Work } from './ring.js';

/** What is known of a job; it is the `data` of the job's fence. Times: milliseconds on `performance.now()`. */
export interface JobRecord {
  /** What it does, for people: picture and pass. */
  readonly label: string;
  readonly frame: number;
  readonly queuedAt: number;
  /** When its last dependency was over. */
  readyAt: number | undefined;
  startedAt: number | undefined;
  endedAt: number | undefined;
}

/** A job to be submitted. */
export interface JobRequest {
  readonly label: string;
  readonly frame: number;
  readonly work: Work;
  /** Milliseconds after which it counts as hung. */
  readonly hangMs: number;
}

/** A job as its engine keeps it. */
export interface Job {
  readonly request: JobRequest;
  /** Its fence, of which the engine owns a reference until the job is over. */
  readonly fence: Owned<DmaFence<JobRecord>>;
  /** Dependencies that are not over yet. */
  waitingFor: number;
  /** The first error among what it reads: it must not run, and fails with this. */
  failure: FenceError | undefined;
  /** How often it went into the ring. */
  pushes: number;
  /** How often the watchdog barked at it. */
  timeouts: number;
}
