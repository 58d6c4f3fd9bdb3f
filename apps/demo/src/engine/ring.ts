import type { FenceErrorCode } from '@dma-fence/core';
import type { OwnerThread, SharedTimelineHandle } from '@dma-fence/core/shared';
import type { Mischief } from './chaos.js';
import type { Band, SharedPixels, Size } from '../picture/surface.js';

/** The work of a job: one pass over one band of a picture. */
export interface Work {
  /** Index in `PASSES`. */
  readonly pass: number;
  readonly pixels: SharedPixels;
  readonly size: Size;
  readonly band: Band;
  /** What is to go wrong with it, for chaos. */
  readonly mischief: Mischief | undefined;
}

/** What a job waits for, as any thread can. */
export interface WaitFor {
  readonly on: SharedTimelineHandle;
  readonly value: number;
  /** Whether the job needs it to have succeeded. */
  readonly forData: boolean;
}

/** A job in an engine's ring. */
export interface RingEntry {
  /** Its number on the engine's timeline. */
  readonly seqno: number;
  readonly work: Work;
  /** The same for all jobs that are lost together; they follow each other in a ring. */
  readonly submission: number;
  readonly after: readonly WaitFor[];
  /** Where it puts down when it began and ended. */
  readonly times: Float64Array<SharedArrayBuffer>;
  /** Whether the end of the job is to be told by a message as well. */
  readonly tell: boolean;
}

/** What an engine says of a job that is over, where it has something to say. */
export interface JobNote {
  readonly seqno: number;
  /** Why it threw; undefined: it did not. */
  readonly thrown: string | undefined;
}

/** A submission of which a job has failed. */
export interface Guilty {
  readonly submission: number;
  readonly code: FenceErrorCode;
}

/**
 * The engine's status page, shared memory that survives the engine: which job it took from the ring last, and which it
 * began last. What it finished is the value of its timeline. Indices into an `Int32Array`.
 */
export const STATUS_PAGE = { TAKEN: 0, BEGAN: 1, LENGTH: 2 } as const;

/** What an engine's thread is started with. */
export interface EngineStart {
  readonly timeline: SharedTimelineHandle;
  readonly status: Int32Array<SharedArrayBuffer>;
  /** Of the thread before. */
  readonly guilty: Guilty | undefined;
}

/** The part of an engine that does the work: a thread, or a stand-in under test. */
export interface Hardware {
  /** Who owes what is in the ring. */
  readonly owner: OwnerThread;
  /** Appends a job to the ring. */
  push(entry: RingEntry): void;
  /** Stops it, whatever it is doing; afterwards it touches no buffer any more. */
  stop(): Promise<void>;
}

/** What hardware tells its engine. */
export interface HardwareEvents {
  note(note: JobNote): void;
  /** It died by itself. */
  died(reason: string): void;
}

/** Starts hardware with a fresh status page. */
export type StartHardware = (start: EngineStart, events: HardwareEvents) => Hardware;
