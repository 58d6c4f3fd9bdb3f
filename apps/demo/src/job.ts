import type { Borrowed, DmaFence, FenceError, Owned } from '@dma-fence/core';
import type { Work } from './ring.js';

/** What is known of a piece of work; it is the `data` of the work's fence. Times are those of `monotonicNow`. */
export class WorkRecord {
  /** What it does, for people: picture and pass. */
  readonly label: string;
  /** Number of the picture, from 0. */
  readonly frame: number;
  readonly queuedAt: number;
  startedAt: number | undefined = undefined;
  endedAt: number | undefined = undefined;

  constructor(label: string, frame: number, queuedAt: number) {
    this.label = label;
    this.frame = frame;
    this.queuedAt = queuedAt;
  }
}

/** What a piece of work has to wait for. */
export interface Dependencies {
  /** What made its input: must have succeeded, or the work fails with the same error. */
  readonly data?: Borrowed | undefined;
  /** What uses the buffer that it overwrites: must be over, well or not. */
  readonly order?: Borrowed | undefined;
}

/** A job to be submitted. */
export interface JobRequest {
  readonly label: string;
  readonly frame: number;
  readonly work: Work;
  /** The same for all jobs that are lost together; they follow each other on an engine. */
  readonly submission: object;
  /** Milliseconds after which it counts as hung. */
  readonly hangMs: number;
}

/** A job as its engine keeps it. */
export interface Job {
  readonly request: JobRequest;
  /** Its fence, of which the engine owns a reference until the job is over. */
  readonly fence: Owned<DmaFence<WorkRecord>>;
  /** Dependencies that are not over yet. */
  waitingFor: number;
  /** The first error among what it reads: it must not run, and fails with this. */
  failure: FenceError | undefined;
  /** How often it went into the ring. */
  pushes: number;
  /** How often the watchdog barked at it. */
  timeouts: number;
  /** When it became the running one. */
  headAt: number;
}
