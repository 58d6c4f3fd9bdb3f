import type { Job, JobOptions, JobPriority } from './job.js';
import { checkKeys, refusal, unfitArgument as unfit, type Refuser } from '@dma-fence/core/producer';

/**
 * How a queue is made.
 *
 * @example Four at once, back-pressure from the hundredth on
 * ```ts
 * import type { JobQueueOptions } from '@dma-fence/queue';
 *
 * const options: JobQueueOptions = { driverName: 'app', timelineName: 'pictures', credits: 4, maxWaiting: 100 };
 * ```
 */
export interface JobQueueOptions {
  /** The first part of its fences' names; no ':' and no control characters. */
  driverName: string;
  /** The second part: which of your queues. */
  timelineName: string;
  /** How much may run at once, an integer from 1; 1 by default. */
  credits?: number | undefined;
  /** One in-order ring: jobs begin in order, up to `credits` are in flight together, and their fences signal in order. */
  ordered?: boolean | undefined;
  /** How many jobs may be pushed and not begun, an integer from 1; `Infinity` by default. */
  maxWaiting?: number | undefined;
  /** How long a job may run, in ms above 0; no limit by default. */
  timeoutMs?: number | undefined;
  /**
   * Decides about a job whose time is over. `fail`, the default: `finished` fails with `ETIME` at once, and the credits come back
   * when the work has really ended or `job.abandon()` says so. `extend`: as long again. Anything else, and an error that it throws,
   * counts as `fail`.
   */
  onTimeout?: ((job: Job) => 'fail' | 'extend') | undefined;
}

/** Options of a queue after the check. */
export interface QueueSettings {
  readonly credits: number;
  readonly ordered: boolean;
  readonly maxWaiting: number;
  readonly timeoutMs: number;
  readonly onTimeout: ((job: Job) => unknown) | undefined;
}

const RANKS = ['low', 'normal', 'high', 'kernel'] as const;

/** A priority as a number: higher goes first. */
export function rankOf(priority: JobPriority): number {
  return RANKS.indexOf(priority);
}

/** The priority of a rank. */
export function priorityAt(rank: number): JobPriority {
  return RANKS[rank] ?? 'normal';
}

/** A priority after the check. */
export function priorityOf(who: Refuser, priority: JobPriority | undefined): JobPriority | undefined {
  if (priority !== undefined && !RANKS.includes(priority)) {
    throw unfit(who, 'priority', RANKS.map((name) => `'${name}'`).join(', '), priority);
  }
  return priority;
}

const QUEUE_KEYS = [
  'driverName',
  'timelineName',
  'credits',
  'ordered',
  'maxWaiting',
  'timeoutMs',
  'onTimeout',
];
const JOB_KEYS = [
  ...['name', 'data', 'priority', 'credits', 'after', 'onDependencyError', 'timeoutMs', 'deadline', 'signal'],
  ...['reads', 'writes'],
];

export function checkQueue(who: Refuser, options: JobQueueOptions): QueueSettings {
  checkKeys(who, options, QUEUE_KEYS);
  const { credits = 1, ordered = false, maxWaiting = Infinity, timeoutMs = Infinity, onTimeout } = options;
  if (!Number.isSafeInteger(credits) || credits < 1)
    throw unfit(who, 'credits', 'an integer from 1', credits);
  if (typeof ordered !== 'boolean') throw unfit(who, 'ordered', 'true or false', ordered);
  if (maxWaiting !== Infinity && (!Number.isSafeInteger(maxWaiting) || maxWaiting < 1)) {
    throw unfit(who, 'maxWaiting', 'an integer from 1, or Infinity', maxWaiting);
  }
  checkTimeout(who, timeoutMs);
  if (onTimeout !== undefined && typeof onTimeout !== 'function') {
    throw unfit(who, 'onTimeout', 'a function', onTimeout);
  }
  return { credits, ordered, maxWaiting, timeoutMs, onTimeout };
}

function checkTimeout(who: Refuser, timeoutMs: number): void {
  if (typeof timeoutMs !== 'number' || !(timeoutMs > 0)) {
    throw unfit(who, 'timeoutMs', 'a number of ms above 0', timeoutMs);
  }
}

/** Checks the options of a job; `limit` are the queue's credits. */
export function checkJob(who: Refuser, options: JobOptions, limit: number): void {
  checkKeys(who, options, JOB_KEYS);
  const { name, credits = 1, onDependencyError, timeoutMs, deadline, signal, after } = options;
  if (name !== undefined && typeof name !== 'string') throw unfit(who, 'name', 'a string', name);
  if (!Number.isSafeInteger(credits) || credits < 0)
    throw unfit(who, 'credits', 'an integer from 0', credits);
  if (credits > limit) {
    throw refusal(
      who,
      `takes ${String(credits)} credits, and the queue has ${String(limit)}; give the queue more`,
    );
  }
  if (onDependencyError !== undefined && !['fail', 'run'].includes(onDependencyError)) {
    throw unfit(who, 'onDependencyError', "'fail' or 'run'", onDependencyError);
  }
  if (timeoutMs !== undefined) checkTimeout(who, timeoutMs);
  if (deadline !== undefined && (typeof deadline !== 'number' || Number.isNaN(deadline))) {
    throw unfit(who, 'deadline', 'a number of ms on the performance.now() clock', deadline);
  }
  if (signal !== undefined && !isSignal(signal)) throw unfit(who, 'signal', 'an AbortSignal', signal);
  if (
    after !== undefined &&
    typeof (after as Partial<Iterable<unknown>> | null)?.[Symbol.iterator] !== 'function'
  ) {
    throw unfit(who, 'after', 'iterable', after);
  }
}

/** What is used later is checked up front. */
function isSignal(signal: Partial<AbortSignal> | null): boolean {
  return typeof signal?.addEventListener === 'function' && typeof signal.removeEventListener === 'function';
}
