import type { Owned } from '@dma-fence/core';
import type { RingEntry, Work } from './ring.js';
import type { WorkRecord } from '../pipeline/work.js';

/** A job to be submitted. */
export interface JobRequest {
  readonly label: string;
  readonly frame: number;
  readonly work: Work;
  /** The same for all jobs that are lost together; they follow each other on an engine. */
  readonly submission: number;
  /** Milliseconds after which it counts as hung. */
  readonly hangMs: number;
  /** Called when the engine's message says that it is over; without it there is no message. */
  readonly onMessage?: (() => void) | undefined;
}

/** A job as its engine keeps it until it is over. */
export interface Job {
  readonly request: JobRequest;
  /** Its fence, of which the engine owns a reference. */
  readonly fence: Owned;
  readonly record: WorkRecord;
  readonly entry: RingEntry;
  /** How often it went into a ring. */
  pushes: number;
  /** How often the watchdog barked at it although the engine had not come to it. */
  timeouts: number;
}
