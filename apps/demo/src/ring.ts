import type { Mischief } from './chaos.js';
import type { Band, SharedPixels, Size } from './surface.js';

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

/** A job in an engine's ring: its number on the engine's timeline, and its work. */
export interface RingEntry {
  readonly seqno: number;
  readonly work: Work;
}

/** What an engine says when a job is over. Times are those of `monotonicNow`. */
export interface Interrupt {
  /** The last job that is over; all before it are, too. */
  readonly seqno: number;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Why that job failed; undefined: it did not. */
  readonly failure: string | undefined;
}

/**
 * The engine's status page, shared memory that survives the engine: what it began last, and what it finished
 * last. After a reset it tells which of the lost jobs may simply run again. Indices into an `Int32Array`.
 */
export const STATUS_PAGE = { BEGAN: 0, FINISHED: 1, LENGTH: 2 } as const;

/** What an engine's thread is started with. */
export interface EngineStart {
  readonly status: SharedArrayBuffer;
}

/** The part of an engine that does the work: a thread, or a stand-in under test. */
export interface Hardware {
  /** Appends a job to the ring. */
  push(entry: RingEntry): void;
  /** Stops it, whatever it is doing; afterwards it touches no buffer any more. */
  stop(): Promise<void>;
}

/** What hardware tells its engine. */
export interface HardwareEvents {
  interrupt(interrupt: Interrupt): void;
  /** It died by itself. */
  died(reason: string): void;
}

/** Starts hardware with a fresh status page. */
export type StartHardware = (start: EngineStart, events: HardwareEvents) => Hardware;
