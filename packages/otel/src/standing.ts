import type { DmaFence } from '@dma-fence/core';
import type { SpanContext } from '@opentelemetry/api';
import { shortName } from './dependencies.js';
import { anyRecordOf, type FenceRecord } from './fence-record.js';

/** Another fence that is in the way. */
export interface Obstacle {
  readonly name: string;
  /** Undefined for one that was given up, and is not kept. */
  readonly record?: FenceRecord | undefined;
  /** Its newest span that a backend can have; undefined where it has none. */
  readonly span: SpanContext | undefined;
}

/** Why a fence is still pending. With neither obstacle nothing is known that it waits for. */
export interface Standing {
  /** The first of its dependencies that is pending. */
  readonly blockedBy: Obstacle | undefined;
  /** The oldest pending fence of its context, which must signal before. */
  readonly queuedBehind: Obstacle | undefined;
  /** Since when it could have gone on: what it waited for was over, and it was the oldest of its context. */
  readonly since: number;
}

function obstacleOf(fence: DmaFence): Obstacle {
  const record = anyRecordOf(fence);
  return {
    name: shortName(fence),
    record,
    // Asked for when it is used: it may be shown just before.
    get span() {
      return record?.visible;
    },
  };
}

/** What keeps a pending fence from going on. */
export function standingOf(record: FenceRecord): Standing {
  const { dependencies, lane, start, owner } = record;
  const { queue } = lane;
  const blocker = dependencies?.pending;
  const blockedBy = blocker === undefined ? undefined : obstacleOf(blocker);
  let queuedBehind: Obstacle | undefined;
  let since = blocker === undefined ? Math.max(start, dependencies?.lastEnd(owner) ?? start) : start;
  if (!lane.container && queue.holds(record)) {
    const { oldest, oldestSince, givenUp } = queue;
    queuedBehind = oldest === undefined || oldest === record ? givenUp : obstacleOf(oldest.fence);
    since = Math.max(since, oldestSince);
  }
  return { blockedBy, queuedBehind, since };
}

/** Whether a fence stands still although nothing that is known holds it up. */
export function isStalled(
  { blockedBy, queuedBehind, since }: Standing,
  at: number,
  afterMs: number,
): boolean {
  return blockedBy === undefined && queuedBehind === undefined && at - since >= afterMs;
}
