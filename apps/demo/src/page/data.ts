/**
 * What was recorded of a run, as it is written into the page and into traces: columns, one entry a fence.
 * Times are milliseconds since the recording began, to a thousandth.
 */
export interface TimelineData {
  /** What the run was, for people. */
  readonly title: string;
  /** Length of the recording. */
  readonly durationMs: number;
  /** Names of the timelines, in the order in which they are drawn. */
  readonly lanes: readonly string[];
  /** Fences that were not recorded because there were too many. */
  readonly dropped: number;
  readonly fences: FenceColumns;
  readonly waits: WaitColumns;
}

/** The fences, by number from 0. */
export interface FenceColumns {
  /** `driver:timeline:context:seqno`. */
  readonly name: readonly string[];
  /** What the work does, for people. */
  readonly label: readonly string[];
  /** Index in `lanes`. */
  readonly lane: readonly number[];
  /** Number of the picture. */
  readonly frame: readonly number[];
  readonly queued: readonly number[];
  /** When its work began; null: it never did. */
  readonly started: readonly (number | null)[];
  /** When its work was over, at most `signaled`; null: not before that. */
  readonly ended: readonly (number | null)[];
  /** When the fence signaled; null: it was pending at the end. */
  readonly signaled: readonly (number | null)[];
  /** The error's code and words; null: there was none. */
  readonly error: readonly (string | null)[];
  /** Numbers of the fences that it depends on. */
  readonly dependsOn: readonly (readonly number[])[];
}

/** Waits for fences, in order of their start. */
export interface WaitColumns {
  readonly fence: readonly number[];
  readonly start: readonly number[];
  /** Null: still waiting at the end. */
  readonly end: readonly (number | null)[];
  /** `signaled`, `failed`, `timeout`, `aborted`; null: still waiting. */
  readonly outcome: readonly (string | null)[];
}
